"""What a program that explains itself takes: its subcommands and options, read from what `--help` says.

Serves programs made with Go's cobra, as `pulumi` and `kubectl` are. Leaves out values.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

_OPTION = re.compile(r"^\s+(?:-(?P<short>\w), )?--(?P<long>[\w-]+)(?P<rest>.*)$", re.MULTILINE)
_COMMANDS = re.compile(r"Commands[^\n]*:\n((?:  .*\n)+)")


def mistakes(program: Path, words: Sequence[str], common: str = "--help") -> Iterator[str]:
    """Subcommands and options that the program does not have.

    Args:
        program: its file.
        words: what follows its name.
        common: word after which it explains the options that all of its commands take.
    """
    words = list(words[: words.index("--")] if "--" in words else words)
    path = _subcommand(program, [each for each in words if not each.startswith("-")], words)
    if not path and not words[0].startswith("-"):
        yield f"has no command {words[0]}"
        return
    known = _options(program, (*path, "--help")) | _options(program, (common,))
    for each in words:
        name = re.match(r"--[\w-]+|-\w", each)
        if name and name[0] not in known:
            yield f"{' '.join(path)} takes no {name[0]}"


def _subcommand(program: Path, plain: Sequence[str], words: Sequence[str]) -> list[str]:
    """The words that name a command: options may stand before and between them, and then have values."""
    path: list[str] = []
    for each in plain:
        if _names_one(program, tuple(path), each):
            path.append(each)
        elif path or words[0] == each:
            break
    return path


@cache
def _subcommands(program: Path, path: tuple[str, ...]) -> frozenset[str]:
    said = _said(program, (*path, "--help"))
    return frozenset(line.split()[0] for block in _COMMANDS.findall(said) for line in block.splitlines())


def _names_one(program: Path, path: tuple[str, ...], word: str) -> bool:
    """Whether a word is a command below a path, or another name of one."""
    known = _subcommands(program, path)
    return word in known or any(word in _aliases(program, (*path, each)) for each in known)


@cache
def _aliases(program: Path, path: tuple[str, ...]) -> frozenset[str]:
    listed = re.search(r"^Aliases:\n *(.*)$", _said(program, (*path, "--help")), re.MULTILINE)
    return frozenset(listed[1].replace(",", " ").split()) if listed else frozenset()


@cache
def _options(program: Path, words: tuple[str, ...]) -> frozenset[str]:
    found = _OPTION.finditer(_said(program, words))
    names = {name for each in found for name in (f"--{each['long']}", each["short"] and f"-{each['short']}") if name}
    return frozenset(names | {"--help", "-h"})


@cache
def _said(program: Path, words: tuple[str, ...]) -> str:
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
