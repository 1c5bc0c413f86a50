"""Which files of a project decided what its program made, so that a change to any other needs no engine.

Python counts by its syntax tree, and YAML by its content: neither comments nor layout change what a program makes.
Leaves out files of other packages, such as the SDKs': both revisions run with those that are installed. Leaves out too
which entries the project's own directory has, which imports look at and nothing else.

Source: Python documentation, "Audit events table".
"""

import ast
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_ABSENT = "absent"
_BYTECODE = "__pycache__"
_LISTINGS = ("os.listdir", "os.scandir")


@dataclass
class Reads:
    """What a program read below a directory.

    Args:
        root: the directory.
        files: paths of files, relative to it.
        listings: paths of directories whose entries were listed.
    """

    root: Path
    files: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)

    def note(self, event: str, name: Any) -> None:
        """Take note of what Python is about to open or list."""
        if (event != "open" and event not in _LISTINGS) or not isinstance(name, (str, Path)):
            return
        path = Path.cwd() / name
        if not path.is_relative_to(self.root) or path == self.root:
            return
        relative = path.relative_to(self.root)
        if relative.parts[0] in _OTHERS:
            return
        if _BYTECODE in relative.parts:
            # What was compiled of a module: components/__pycache__/model.cpython-311.pyc.
            relative = relative.parent.parent / f"{relative.name.partition('.')[0]}.py"
        (self.files if event == "open" else self.listings).add(relative.as_posix())


# The virtualenv is no part of the program, and what a run writes is not read for it.
_OTHERS = (".venv", ".offline", ".git")
_active: list[Reads] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _active and arguments:
        for each in _active:
            each.note(event, arguments[0])


_hooked: list[bool] = []


@contextmanager
def reading(root: Path) -> Iterator[Reads]:
    """Everything that this process reads below a directory while the context lasts."""
    if not _hooked:
        # A hook stays until the process ends.
        sys.addaudithook(_hook)
        _hooked.append(True)
    reads = Reads(root.resolve())
    _active.append(reads)
    try:
        yield reads
    finally:
        _active.remove(reads)


@dataclass(frozen=True)
class Dependencies:
    """Digests of what decided the result of a run.

    Args:
        digests: path of a file, or of a directory with a slash at its end, to its digest.
    """

    digests: Mapping[str, str]

    @classmethod
    def of(cls, reads: Reads, *also: str) -> "Dependencies":
        """Of what a program read, and files that others read for it."""
        paths = reads.files | {f"{each}/" for each in reads.listings} | set(also)
        return cls({path: digest_of(reads.root / path) for path in sorted(paths)})

    def hold_in(self, root: Path) -> bool:
        """Whether a directory has the same, so that its program makes the same."""
        return all(digest_of(root / path) == digest for path, digest in self.digests.items())

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps(dict(self.digests), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Dependencies":
        """What `to_json` wrote."""
        return cls(json.loads(text))


def digest_of(path: Path) -> str:
    """Digest of a file's content, of a module's syntax tree, or of a directory's entries."""
    if path.is_dir():
        entries = sorted(each.name for each in path.iterdir() if each.name != _BYTECODE)
        return hashlib.sha256("\n".join(entries).encode()).hexdigest()
    if not path.is_file():
        return _ABSENT
    return hashlib.sha256(_what_counts(path)).hexdigest()


def _what_counts(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        if path.suffix == ".py":
            return ast.dump(ast.parse(content)).encode()
        if path.suffix == ".yaml":
            return json.dumps(yaml.safe_load(content), default=str).encode()
    except (SyntaxError, yaml.YAMLError):
        # Whoever reads the file says so.
        return content
    return content
