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

    digests: Mapping[str, "Digest"]

    @classmethod
    def of(cls, reads: Reads, *also: str) -> "Dependencies":
        """Of what a program read, and files that others read for it."""
        paths = reads.files | {f"{each}/" for each in reads.listings} | set(also)
        return cls({path: Digest.of(reads.root / path) for path in sorted(paths)})

    def differing(self, root: Path) -> Iterator[str]:
        """Paths at which a directory has something else; its program makes the same where there are none."""
        yield from (path for path, digest in self.digests.items() if not digest.holds_at(root / path))

    def hold_in(self, root: Path) -> bool:
        """Whether a directory has the same, so that its program makes the same."""
        return not any(self.differing(root))

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps({path: [each.content, each.meaning] for path, each in self.digests.items()}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Dependencies":
        """What `to_json` wrote."""
        return cls({path: Digest(*each) for path, each in json.loads(text).items()})


@dataclass(frozen=True)
class Digest:
    """What stands at a path.

    Args:
        content: digest of a file's bytes, or of a directory's entries, by which most are seen to be the same at once.
        meaning: digest of a module's syntax tree, or of what a YAML file says; for others the content's.
    """

    content: str
    meaning: str

    @classmethod
    def of(cls, path: Path) -> "Digest":
        """Of a file or a directory, or of nothing."""
        content = _content(path)
        return cls(content, _meaning(path, content))

    def holds_at(self, path: Path) -> bool:
        """Whether a path means the same."""
        content = _content(path)
        return content == self.content or _meaning(path, content) == self.meaning


def mean_the_same(one: Path, other: Path) -> bool:
    """Whether two paths hold the same, but for comments and layout of Python and YAML."""
    contents = _content(one), _content(other)
    return contents[0] == contents[1] or _meaning(one, contents[0]) == _meaning(other, contents[1])


def _content(path: Path) -> str:
    if path.is_dir():
        entries = sorted(each.name for each in path.iterdir() if each.name != _BYTECODE)
        return _digest("\n".join(entries).encode())
    return _digest(path.read_bytes()) if path.is_file() else _ABSENT


def _meaning(path: Path, content: str) -> str:
    if content == _ABSENT or path.suffix not in (".py", ".yaml"):
        return content
    text = path.read_bytes()
    try:
        said = ast.dump(ast.parse(text)) if path.suffix == ".py" else json.dumps(yaml.safe_load(text), default=str)
    except (SyntaxError, yaml.YAMLError):
        # Whoever reads the file says so.
        return content
    return _digest(said.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
