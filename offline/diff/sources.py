"""Whether two revisions of a program can differ at all, told from their files alone, before any of them has run.

A program's sources are its entry point, `Pulumi.yaml`, its stack files, and every directory and module beside them that
is imported, by the entry point or by one another. Whatever a program reads has to lie there; what it read is held
against this by a test. Leaves out which of these files a stack reads: `dependencies.py` knows that of one that ran.
"""

import re
from pathlib import Path

import yaml

from offline.diff.dependencies import mean_the_same
from offline.project import Project

_ENTRY_POINT, _PROJECT = "__main__.py", "Pulumi.yaml"
_BYTECODE = "__pycache__"
# To parse each module would take longer than all that is saved.
_IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)


def sources_of(root: Path) -> list[str]:
    """Paths of a program's sources, relative to its root, in order."""
    found, waiting = {_ENTRY_POINT, _PROJECT}, [root / _ENTRY_POINT]
    stack_directory = (yaml.safe_load((root / _PROJECT).read_text(encoding="utf-8")) or {}).get("stackConfigDir", ".")
    found |= {str(each.relative_to(root)) for each in (root / stack_directory).glob("Pulumi.*.yaml")}
    names: set[str] = set()
    while waiting:
        imported = set(_imported(waiting.pop())) - names
        names |= imported
        for name in imported:
            for place in (root / name, root / f"{name}.py"):
                files = [place] if place.is_file() else [each for each in place.rglob("*") if each.is_file()]
                new = {str(each.relative_to(root)) for each in files if _BYTECODE not in each.parts} - found
                found |= new
                waiting += [root / each for each in new if each.endswith(".py")]
    return sorted(found)


def untouched_stacks(base: Path, head: Path) -> list[str]:
    """All stacks, where two revisions have the same ones and sources that mean the same; none where they differ."""
    stacks = Project(base).stacks()
    return stacks if stacks == Project(head).stacks() and same_sources(base, head) else []


def same_sources(base: Path, head: Path) -> bool:
    """Whether the sources of two revisions mean the same; comments and layout mean nothing."""
    paths = sources_of(base)
    return paths == sources_of(head) and all(mean_the_same(base / each, head / each) for each in paths)


def _imported(file: Path) -> list[str]:
    """First names of the modules that a file imports, and of what looks like it."""
    return _IMPORT.findall(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else []
