"""What is printed, as its reader has it: a console of a given width, with or without colours and Unicode."""

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.theme import Theme

from offline.terminal.console import STYLES


def printed(what: RenderableType | Iterable[RenderableType], *, width: int = 80, encoding: str = "utf-8") -> list[str]:
    """Lines without colours, and without blanks at their ends.

    Args:
        what: one thing, or several.
        width: of the terminal.
        encoding: of the terminal.
    """
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, theme=Theme(STYLES), width=width, highlight=False, markup=False, color_system=None)
    for each in [what] if not isinstance(what, Iterable) else what:
        console.print(each)
    file.seek(0)
    return [line.rstrip() for line in file.read().splitlines()]
