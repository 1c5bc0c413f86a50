"""Blocks of code between fences, in which nothing is a link or a list."""

import re

_FENCE = re.compile(r" *(`{3,}|~{3,})")


def after(fence: str, line: str) -> str:
    """The fence that ends the block of code behind a line; empty where there is none.

    Args:
        fence: the one that ends the block in which the line stands; empty outside of one.
        line: the line.
    """
    found = _FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    return "" if found and found[1].startswith(fence) and line.strip() == found[1] else fence


def prose(text: str) -> list[int]:
    """Numbers of the lines that stand in no block of code, from 0; the line that begins a block is one of them."""
    numbers: list[int] = []
    fence = ""
    for number, line in enumerate(text.split("\n")):
        if not fence:
            numbers.append(number)
        fence = after(fence, line)
    return numbers
