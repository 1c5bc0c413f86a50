"""Where output goes: which colours and letters its reader has, and how wide a line may be.

Leaves out the choice of words. Whoever reads without colours, or without the letters of Unicode, reads the same words.

Source: https://no-color.org and rich.console.Console, which also knows TERM=dumb and FORCE_COLOR.
"""

import sys
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text
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
THEME = Theme(STYLES)
# Nobody's terminal: what goes to a file or a program is not broken into lines.
_UNBROKEN = 10_000


def console_for(file: TextIO) -> Console:
    """The console of an open file."""
    width = None if file.isatty() else _UNBROKEN
    return Console(file=file, theme=THEME, width=width, highlight=False, markup=False, emoji=False)


def show(*parts: RenderableType, file: TextIO | None = None) -> None:
    """Print something.

    Args:
        parts: texts, which the terminal breaks where it must so that they can be copied as they are; trees and tables,
            which are broken within their columns.
        file: where to; standard output unless given.
    """
    console = console_for(file or sys.stdout)
    for part in parts:
        with console.capture() as captured:
            console.print(part, soft_wrap=isinstance(part, Text))
        # A table fills its columns up, and a reader of the file would find blanks that nobody wrote.
        console.file.write("\n".join(line.rstrip() for line in captured.get().split("\n")))
    console.file.flush()
