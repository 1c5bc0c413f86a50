"""The table of wildcards in docs/security-identity.md: `python -m components.identity.wildcard_table FILE`.

Leaves out the text around it.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from components.identity.wildcard import Wildcard
from components.identity.wildcards import WILDCARDS
from components.page import with_part

BEGIN = "<!-- table: made by components/identity/wildcard_table.py -->"
END = "<!-- end of table -->"


def table(wildcards: Iterable[Wildcard]) -> str:
    """The wildcards as a Markdown table."""
    rows = [
        f"| {each.policy.replace('*', '…')} | {each.sid} | {', '.join(f'`{text}`' for text in each.texts)} "
        f"| {each.reason} |"
        for each in wildcards
    ]
    return "\n".join(["| policy | statement | wildcards | why |", "|---|---|---|---|", *rows])


def with_table(page: str) -> str:
    """A page with the table in its place.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(page, BEGIN, table(WILDCARDS), END)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text(encoding="utf-8")), encoding="utf-8")
