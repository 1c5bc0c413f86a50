"""Literals of a tree that look like a pin: a version, a digest, a commit or a day of an archive.

Looks at what files say and never at Renovate's configuration, so that neither can hide what the other one misses.
Leaves out prose and comments, addresses of networks, sums of what a version beside them names, and values that tests
are made of.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# What people read, what is made from other files, and tables of facts.
_NO_PINS = re.compile(r"\.(?:md|csv|sum|svg|sql)$|(?:^|/)(?:package-lock|schema)\.json$|\.gitignore$")
_OF_TESTS = re.compile(r"(?:^|/)(?:test|mistakes)_\w+\.py$")
_DIGEST = r"sha256:[0-9a-f]{64}|(?<![\w-])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![\w-])"
_DAY = r"\b\d{8}T\d{6}Z\b"
# Three numbers or more; a path or the name of a file may hold it.
_VERSION = r"(?<![\w.$])v?\d+\.\d+\.\d+(?:\.(?:post|dev)?\d+)*(?:[-+][\w.+-]*\w)?(?!\w)"
_PIN = re.compile(f"{_DIGEST}|{_DAY}|{_VERSION}")
_IN_A_NAME = re.compile(r"(?<=[a-z]-)\d+\.\d+(?=\.jar|\.tar|-py3)")
# Two numbers are one only where a name says so.
_SHORT = r"v?\d+\.\d+"
_QUOTED = r"[\\\"']*"
_NAMED_SHORT = re.compile(rf"(?i)(?:version|release)\w*{_QUOTED}\s*[:=]\s*{_QUOTED}({_SHORT})(?![\w.])|^go ({_SHORT})$")
_NAME = re.compile(r"version|release|digest|commit", re.IGNORECASE)
_HOLDERS = ("Image", "Chart")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_COMMENT = re.compile(r"\s*(?:#|//)")
_LOCKED_SUM = re.compile(r"\s+--hash=sha256:")


@dataclass(frozen=True)
class Pin:
    """One literal.

    Args:
        name: path of its file in the tree.
        line: number of its line.
        text: the literal itself.
    """

    name: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}: {self.text}"


def pins(tree: Path, names: Iterable[str]) -> Iterator[Pin]:
    """Every pin of some files.

    Args:
        tree: directory of the files.
        names: paths in it.
    """
    for name in names:
        if not _NO_PINS.search(name):
            text = (tree / name).read_bytes().decode(errors="replace")
            found = _of_python(text, tests=bool(_OF_TESTS.search(name))) if name.endswith(".py") else _of_lines(text)
            yield from (Pin(name, line, each) for line, each in found)


def _of_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not _COMMENT.match(line) and not _LOCKED_SUM.match(line):
            for each in (*_literals(line), *_IN_A_NAME.findall(line)):
                yield number, each
            for first, second in _NAMED_SHORT.findall(line):
                yield number, first or second


def _literals(text: str) -> Iterator[str]:
    for found in _PIN.finditer(text):
        if not _ADDRESS.fullmatch(found[0]):
            yield found[0]


def _of_python(text: str, *, tests: bool) -> Iterator[tuple[int, str]]:
    tree = ast.parse(text)
    named = set(_named(tree, tests=tests))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        if id(node) in named and re.fullmatch(_SHORT, node.value):
            yield node.lineno, node.value
        if not tests or id(node) in named:
            for each in _literals(node.value):
                yield node.lineno, each


def _named(tree: ast.Module, *, tests: bool) -> Iterator[int]:
    """Values with a name that says version, and what an image or a chart is made of."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if _NAME.search(name) and node.value is not None:
                    yield id(node.value)
            case ast.Call(func=ast.Name(id=name)) if name in _HOLDERS and not tests:
                yield from (id(each) for each in node.args)
