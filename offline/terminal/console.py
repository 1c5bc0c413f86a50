"""Where output goes: which colours and letters its reader has, and how wide a line may be.

Leaves out the choice of words. Whoever reads without colours, or without the letters of Unicode, reads the same words.

Source: https://no-color.org and rich.console.Console, which also knows TERM=dumb and FORCE_COLOR.
"""

import sys
from typing import TextIO

from rich.console import Console, RenderableType
from rich.theme import Theme

# What a style is for. The terminal decides on the shades, so that they can be read on light and on dark.
STYLES = {
    "create": "green",
    "update": "yellow",
    "replace": "bold red",
    "delete": "red",
    "same": "dim",
    "danger": "bold red",
    "heading": "bold",
    "aside": "dim",
    "value": "cyan",
    "ok": "green",
    "skip": "dim",
    "warn": "yellow",
    "fail": "bold red",
    "progress.elapsed": "dim",
}
# Nobody's terminal: what goes to a file or a program is not broken into lines.
_UNBROKEN = 10_000


def console_for(file: TextIO) -> Console:
    """The console of an open file."""
    width = None if file.isatty() else _UNBROKEN
    return Console(file=file, theme=Theme(STYLES), width=width, highlight=False, markup=False, emoji=False)


def show(what: RenderableType, file: TextIO | None = None) -> None:
    """Print something.

    Args:
        what: lines, a tree or a table.
        file: where to; standard output unless given.
    """
    console = console_for(file or sys.stdout)
    with console.capture() as captured:
        console.print(what)
    # A table fills its columns up, and a reader of the file would find blanks that nobody wrote.
    text = "\n".join(line.rstrip() for line in captured.get().split("\n"))
    console.file.write(text)
    console.file.flush()


def show_line(line: RenderableType, file: TextIO | None = None) -> None:
    """Print one line, which the terminal breaks where it must: it can be copied as it is.

    Args:
        line: the line.
        file: where to; standard output unless given.
    """
    console = console_for(file or sys.stdout)
    console.print(line, soft_wrap=True)
    console.file.flush()
