"""Which lines went in, which came out, where, and whether they are whole.

Leaves out who writes (`node.py`) and where objects come from (`storage.py`).
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.logging.node import PIECE_BYTES

MARK = re.compile(rb"<(\w+):(\d+)>")
# The sign of files/lines.lua.
GOES_ON = b"\x1f\n"
# What differs between two objects of one container: the time in their names, and what makes the names unique.
OF_ONE_OBJECT = re.compile(r"(\d{8}T)?\d{6}-|[^-/]*$")


@dataclass(frozen=True)
class Outcome:
    """The count of one scenario.

    Args:
        lines_in: lines written.
        lines_out: lines found whole, duplicates among them.
        lost: lines of which something is stored nowhere.
        apart: long lines whose pieces are all stored, but not one after another, so that nobody can join them.
        duplicated: lines found again.
        objects: objects stored.
        mixed: objects that hold lines of more than one source, or of a source that their key doesn't name.
        split: groups, such as stack traces, whose lines are not consecutive in one object.
    """

    lines_in: int
    lines_out: int
    lost: int
    apart: int
    duplicated: int
    objects: int
    mixed: int
    split: int

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing in pieces, nothing under a wrong key, no trace apart."""
        return not (self.lost or self.apart or self.mixed or self.split)


@dataclass
class Ledger:
    """Lines that were written, each with a mark of its own.

    Args:
        expected: name of a source to a pattern that the key of each of its objects must match.
    """

    expected: dict[str, str] = field(default_factory=dict[str, str])
    lines: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    groups: list[list[bytes]] = field(default_factory=list[list[bytes]])

    def source(self, name: str, key: str) -> str:
        """Name a source, a word, and the pattern of its keys."""
        self.expected[name] = key
        return name

    def line(self, source: str, text: bytes, stored: bytes | None = None) -> bytes:
        """Enter a line and give it its mark.

        Args:
            source: whose line it is.
            text: what it says; the mark comes first.
            stored: what objects hold of it where that differs.
        """
        mark = f"<{source}:{len(self.lines)}>".encode()
        self.lines[mark] = mark + (text if stored is None else stored)
        return mark + text

    def group(self, source: str, texts: Iterable[bytes]) -> list[bytes]:
        """Enter lines that must stay together."""
        entered = [self.line(source, text) for text in texts]
        self.groups.append([match[0] for line in entered if (match := MARK.match(line))])
        return entered

    def count(self, objects: Mapping[str, bytes]) -> Outcome:
        """Compare with what was stored.

        Args:
            objects: bucket/key to content as stored, in the order of arrival.
        """
        seen: Counter[bytes] = Counter()
        places: dict[bytes, list[tuple[str, int]]] = defaultdict(list)
        for key, lines in joined(objects):
            for number, line in enumerate(lines):
                # A piece that a restart repeated stands before its line; every mark begins a line of its own.
                for match in MARK.finditer(line):
                    if self.lines.get(match[0]) == line[match.start() :]:
                        seen[match[0]] += 1
                        places[match[0]].append((key, number))
        broken = [line for mark, line in self.lines.items() if not seen[mark]]
        stored = pieces(objects) if broken else set[bytes]()
        lost = sum(1 for line in broken if not stored.issuperset(cut(line)))
        return Outcome(
            lines_in=len(self.lines),
            lines_out=seen.total(),
            lost=lost,
            apart=len(broken) - lost,
            duplicated=sum(times - 1 for times in seen.values()),
            objects=len(objects),
            mixed=len(self.misplaced(objects)),
            split=sum(1 for group in self.groups if not _together([places[mark] for mark in group])),
        )

    def misplaced(self, objects: Mapping[str, bytes]) -> dict[str, set[str]]:
        """Keys of objects that hold lines of several sources, or of one that they don't name; and those sources."""
        found: dict[str, set[str]] = {}
        for key, content in objects.items():
            sources = {match[1].decode() for match in MARK.finditer(gzip.decompress(content))}
            if len(sources) > 1 or not all(re.search(self.expected[name], key) for name in sources):
                found[key] = sources
        return found

    def missing(self, objects: Mapping[str, bytes]) -> list[bytes]:
        """Beginnings of the lines that no object holds whole."""
        stored = {line for _, lines in joined(objects) for line in lines}
        return [line[:60] for line in self.lines.values() if line not in stored]


def joined(objects: Mapping[str, bytes]) -> Iterable[tuple[str, list[bytes]]]:
    """Keys and lines of objects, pieces of long lines put together.

    Objects of one container arrive in the order of their lines; their keys don't sort so after a restart of the agent,
    which gives leftovers the time of the restart. A line whose pieces lie in two objects counts for the second.
    """
    rest: dict[str, bytes] = defaultdict(bytes)
    for key in objects:
        directory, _, name = key.rpartition("/")
        container = f"{directory}/{OF_ONE_OBJECT.sub('', name)}"
        # A stored line always ends, so what has no end after joining goes on in the next object.
        whole, ending, rest_of_line = gzip.decompress(objects[key]).replace(GOES_ON, b"").rpartition(b"\n")
        text = rest.pop(container, b"") + whole + ending
        if ending:
            rest[container] = rest_of_line
        else:
            rest[container] = text + rest_of_line
            text = b""
        yield key, text.split(b"\n")[:-1]


def pieces(objects: Mapping[str, bytes]) -> set[bytes]:
    """Every line and every piece of a line as they are stored, without the sign that a line goes on."""
    return {line for body in objects.values() for line in gzip.decompress(body).replace(GOES_ON, b"\n").split(b"\n")}


def cut(line: bytes) -> list[bytes]:
    """The pieces that the container runtime cuts a line into."""
    return [line[at : at + PIECE_BYTES] for at in range(0, len(line), PIECE_BYTES)]


def _together(places: list[list[tuple[str, int]]]) -> bool:
    return any(all((key, first + offset) in place for offset, place in enumerate(places)) for key, first in places[0])
