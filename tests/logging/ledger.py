"""Which lines went in, which came out, where, and whether they are as they were written.

What came out is what `moka_logs` makes of the objects, because that is what a person sees: a fault of the agent and one
of the reader count alike. Leaves out who writes (`node.py`) and where objects come from (`servers.py`).
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from moka_logs.compressed import lines
from moka_logs.object_keys import LogObject, Pod
from moka_logs.pod_lines import PodLines
from moka_logs.read_order import in_read_order
from moka_logs.time_span import EARLIEST
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
        lost: lines of which something is stored nowhere as it was written.
        apart: lines of which every piece is stored, but not where a reader looks for it, so that nobody gets the line.
        damaged: lines that came out with a mark, but not as any line was written.
        duplicated: lines found again.
        objects: objects stored.
        mixed: objects that hold lines of more than one source, or of a source that their key doesn't name.
        split: groups, such as stack traces, whose lines are not consecutive in one object.
    """

    lines_in: int
    lines_out: int
    lost: int
    apart: int
    damaged: int
    duplicated: int
    objects: int
    mixed: int
    split: int

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing in pieces, nothing changed, nothing under a wrong key, no trace apart."""
        return not (self.lost or self.apart or self.damaged or self.mixed or self.split)


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
        damaged = 0
        for key, read in as_read(objects):
            for number, line in enumerate(read):
                match = MARK.search(line)
                if match and self.lines.get(match[0]) == line:
                    seen[match[0]] += 1
                    places[match[0]].append((key, number))
                elif match:
                    damaged += 1
        broken = [line for mark, line in self.lines.items() if not seen[mark]]
        stored = pieces(objects) if broken else set[bytes]()
        lost = sum(1 for line in broken if not stored.issuperset(cut(line)))
        return Outcome(
            lines_in=len(self.lines),
            lines_out=seen.total(),
            lost=lost,
            apart=len(broken) - lost,
            damaged=damaged,
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
        """Beginnings of the lines that nobody gets as they were written."""
        read = {line for _, each in as_read(objects) for line in each}
        return [line[:60] for line in self.lines.values() if line not in read]


def as_read(objects: Mapping[str, bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Keys of objects and the lines that whoever reads the logs gets from them, by `moka_logs`' own reading.

    A line whose pieces lie in two objects counts for the second. One whose end never came counts for the last.
    """
    containers: dict[str, list[LogObject]] = defaultdict(list)
    for found in arrived(objects):
        directory, _, name = found.key.rpartition("/")
        containers[f"{directory}/{OF_ONE_OBJECT.sub('', name)}"].append(found)
    for own in containers.values():
        reader = PodLines(own[0].pod, in_read_order(own), lambda found: lines([objects[found.key]]))
        while found := reader.next_object():
            reader.open_next()
            read = list(iter(reader.next_line, None))
            if reader.next_object() is None and (rest := reader.rest()):
                read.append(rest)
            yield found.key, [line.text.encode("utf-8", "surrogateescape") for line in read]


def arrived(objects: Mapping[str, bytes]) -> Iterator[LogObject]:
    """Objects as a listing shows them, from the order of their arrival: uploaded at once, a second after one another.

    Only the keys of Spark's lines tell a time by themselves. Whoever reads the others goes by the upload.
    """
    uploaded = EARLIEST
    for key, body in objects.items():
        found = LogObject.parse(key.partition("/")[2], len(body), uploaded)
        uploaded = max(uploaded + timedelta(seconds=1), found.time if found else EARLIEST)
        if found is None:
            found = LogObject(key, Pod("", ""), uploaded, len(body), uploaded)
        yield replace(found, key=key, uploaded=uploaded)


def pieces(objects: Mapping[str, bytes]) -> set[bytes]:
    """Every line and every piece of a line as they are stored, without the sign that a line goes on."""
    return {line for body in objects.values() for line in gzip.decompress(body).replace(GOES_ON, b"\n").split(b"\n")}


def cut(line: bytes) -> list[bytes]:
    """The pieces that the container runtime cuts a line into."""
    return [line[at : at + PIECE_BYTES] for at in range(0, len(line), PIECE_BYTES)]


def _together(places: list[list[tuple[str, int]]]) -> bool:
    return any(all((key, first + offset) in place for offset, place in enumerate(places)) for key, first in places[0])
