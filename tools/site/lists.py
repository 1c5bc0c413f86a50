"""Lists as Python's Markdown reads them.

On GitHub what goes on in an item of a list begins where the item's text does, behind two or three spaces. Python's
Markdown wants four, and without them ends the list and takes a block of code for text.
"""

import re
from dataclasses import dataclass

from tools.site.fences import after

_ITEM = re.compile(r" *(?:[-*]|\d+\.) ")
_WIDE = 4
# A line behind fewer spaces belongs to no item.
_NARROWEST = 2


class NarrowError(ValueError):
    """A line of a list that can't be set wide; the message says which, and how to write it."""


@dataclass
class _Place:
    """Where a line stands.

    Args:
        is_in_list: whether an item may go on here.
        shift: spaces that what goes on in the item gets.
        fence: that ends the block of code here; empty outside of one.
        is_after_blank: whether the line before is empty.
    """

    is_in_list: bool = False
    shift: int = 0
    fence: str = ""
    is_after_blank: bool = True


def widened(text: str) -> str:
    """A page in which everything that goes on in an item of a list stands behind four spaces for each level.

    Args:
        text: of the page, as GitHub reads it.

    Raises:
        NarrowError: when a line in a deeper list stands where it would end that list.
    """
    place = _Place()
    return "\n".join(_line(place, number, line) for number, line in enumerate(text.split("\n"), 1))


def _line(place: _Place, number: int, line: str) -> str:
    if not line.strip():
        place.is_after_blank = True
        return line
    is_code = bool(place.fence)
    if not is_code:
        _enter(place, line)
    place.fence = after(place.fence, line)
    wide = " " * place.shift + line
    begins = place.is_after_blank or _ITEM.match(line)
    place.is_after_blank = False
    if place.is_in_list and not is_code and begins and _indent(wide) % _WIDE:
        raise NarrowError(f"line {number}, {line.strip()[:40]!r}, goes on in a list: indent it by a multiple of four")
    return wide


def _enter(place: _Place, line: str) -> None:
    """Find out what a line outside of code belongs to."""
    indent, is_item = _indent(line), bool(_ITEM.match(line))
    if indent < _NARROWEST:
        place.shift = 0
        place.is_in_list = is_item or (place.is_in_list and not place.is_after_blank)
    elif place.is_in_list and not place.shift and indent < _WIDE and (place.is_after_blank or is_item):
        place.shift = _WIDE - indent


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
