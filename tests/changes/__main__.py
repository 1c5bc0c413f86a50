"""Writes reports anew: `python -m tests.changes [NAME...]`, all of them without a name."""

import sys
import tempfile
from pathlib import Path

from tests.changes.change import Deployed, changes


def main(names: list[str]) -> None:
    """Write the reports."""
    with tempfile.TemporaryDirectory(prefix="moka-changes-") as scratch:
        deployed = Deployed(Path(scratch))
        for change in changes():
            if not names or change.name in names:
                change.expected.write_text(deployed.report_of(change), encoding="utf-8")
                print(change.expected, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
