"""The table of accepted findings in docs/linters.md: `python -m tests.stacks.linters.table FILE`.

Leaves out the text around it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from components.page import with_part
from tests.stacks.linters.accepted import ACCEPTED
from tests.stacks.linters.finding import Accepted

BEGIN = "<!-- table: made by tests/stacks/linters/table.py -->"
END = "<!-- end of table -->"
_EVERY = "all of them"


def table(accepted: Iterable[Accepted]) -> str:
    """The accepted findings as a Markdown table."""
    rows = [f"| {'<br>'.join(each.checks)} | {_places(each)} | {each.reason} |" for each in accepted]
    return "\n".join(["| what is reported | of | why it stays |", "|---|---|---|", *rows])


def _places(accepted: Accepted) -> str:
    stacks = f"<br>in {' and '.join(accepted.stacks)}" if accepted.stacks else ""
    return "<br>".join(_EVERY if place == "*" else f"`{place}`" for place in accepted.places) + stacks


def with_table(page: str) -> str:
    """A page with the table in its place.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(page, BEGIN, table(ACCEPTED), END)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text(encoding="utf-8")), encoding="utf-8")
