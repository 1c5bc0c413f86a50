"""The totals in what is printed of a run, so that tests can hold them against what the engine counted."""

import re
from collections import Counter
from collections.abc import Sequence

_COUNT = re.compile(r"(\d+) (create|update|replace|delete|same|refresh)")
_ROW = re.compile(r"^(?P<branch>[│├└─ ]*)(?P<name>\S.*?) {2,}(?P<total>\d+)  (?P<operations>.*)$")


def summed(stack: str, lines: Sequence[str]) -> dict[str, int]:
    """Operations of the line that sums a run up."""
    (line,) = [line for line in lines if line.startswith(f"{stack}: ")]
    return {operation: int(count) for count, operation in _COUNT.findall(line)}


def rows(lines: Sequence[str]) -> list[tuple[int, str, dict[str, int]]]:
    """Depth, name and operations of each row of the tree.

    Raises:
        AssertionError: when a row's operations are not what its own total says.
    """
    found = []
    for line in lines:
        if row := _ROW.match(line):
            total = int(row["total"])
            counts = {operation: int(count) for count, operation in _COUNT.findall(row["operations"])}
            counts = counts or {row["operations"].split()[-1]: total}
            assert sum(counts.values()) == total, line
            found.append((len(row["branch"]) // 4, row["name"], counts))
    return found


def added_up(lines: Sequence[str]) -> list[str]:
    """Rows that are not what the rows below them come to, and have any."""
    found, wrong = rows(lines), []
    for place, (depth, name, counts) in enumerate(found):
        below: list[dict[str, int]] = []
        for its_depth, _, its_counts in found[place + 1 :]:
            if its_depth <= depth:
                break
            if its_depth == depth + 1:
                below.append(its_counts)
        if below and sum(map(Counter, below), Counter[str]()) != Counter(counts):
            wrong.append(name)
    return wrong


def held(stack: str, lines: Sequence[str]) -> tuple[int, int]:
    """How many resources a stack is said to have, and what its kinds come to."""
    (line,) = [line for line in lines if line.startswith(f"{stack} has ")]
    total, _, kinds = line.partition(":")
    (count,) = re.findall(r"has (\d+) resources", total)
    parts = kinds.replace("the stack itself", "1 stack")
    return int(count), sum(map(int, re.findall(r"\d+", parts)))
