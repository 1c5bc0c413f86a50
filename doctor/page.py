"""The parts of docs/doctor.md that are made from the checks: `python -m doctor.page FILE`.

Leaves out the text around them.
"""

import json
import sys
from pathlib import Path

from components.page import with_part
from doctor.actions import action_of, policy_of
from doctor.checks import AREAS, CALLS

TABLE = "<!-- checks: made by doctor/page.py -->"
POLICY = "<!-- policy: made by doctor/page.py -->"
END_OF_TABLE = "<!-- end of checks -->"
END_OF_POLICY = "<!-- end of policy -->"


def table() -> str:
    """Every check as a row of a Markdown table."""
    rows = [
        f"| {area} | `{each.name}` | {each.asks} | {', '.join(f'`{action_of(call)}`' for call in each.calls) or '-'} "
        f"| {', '.join(f'`{name}`' for name in each.needs) or '-'} |"
        for area, checks in AREAS.items()
        for each in checks
    ]
    head = "| Area | Check | What it asks | IAM actions | Skipped after a failure of |"
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *rows])


def policy() -> str:
    """The policy of whoever looks, as a block of JSON."""
    return f"```json\n{json.dumps(policy_of(CALLS), indent=2)}\n```"


def with_parts(page: str) -> str:
    """A page whose made parts are made anew.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(with_part(page, TABLE, table(), END_OF_TABLE), POLICY, policy(), END_OF_POLICY)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_parts(file.read_text(encoding="utf-8")), encoding="utf-8")
