"""The log of requests as a table: `python -m local_cluster.aws.requests ROOT`.

One line for each role, action and decision, so that a role too narrow shows as a refusal, and a role too wide by what
is never asked.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from local_cluster.aws.request_log import NAME

_HEAD = ("CALLER", "ACTION", "DECISION", "LAYER", "REQUESTS")


def table(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Lines of the table."""
    counted = Counter(row for each in entries for row in _rows(each))
    rows = [_HEAD, *((*row, str(count)) for row, count in sorted(counted.items()))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _rows(entry: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    caller = entry["serviceAccount"] or entry["role"].rpartition("/")[2] or "nobody known"
    for action in entry["actions"] or [entry["operation"]]:
        yield caller, action, entry["decision"], entry["layer"]


def main(arguments: Sequence[str]) -> int:
    """Print the table of a cluster; returns the exit code."""
    if len(arguments) != 1:
        print("usage: python -m local_cluster.aws.requests ROOT", file=sys.stderr)
        return 2
    log = Path(arguments[0]) / "logs" / NAME
    if not log.is_file():
        print(
            f"{log} does not exist: no request has come, or {arguments[0]} is no cluster's directory", file=sys.stderr
        )
        return 1
    print("\n".join(table(json.loads(line) for line in log.read_text().splitlines())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
