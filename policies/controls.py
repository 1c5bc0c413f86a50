"""The controls of docs/security.md, each with the checks that hold it: `python -m policies.controls FILE`.

Leaves out the text around the table.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from components.page import with_part
from policies.areas.cluster import CLUSTER
from policies.areas.data import DATA
from policies.areas.environments import ENVIRONMENTS
from policies.areas.identity import IDENTITY
from policies.areas.network import NETWORK
from policies.areas.workloads import WORKLOADS
from policies.benchmark import ELSEWHERE
from policies.catalog import RULES
from policies.control import Control

BEGIN = "<!-- table: made by policies/controls.py -->"
END = "<!-- end of table -->"
CONTROLS: tuple[Control, ...] = tuple(
    sorted(
        (*CLUSTER, *IDENTITY, *WORKLOADS, *NETWORK, *DATA, *ENVIRONMENTS),
        key=lambda control: control.number,
    )
)
# Numbers of controls in scope that nothing checks, each with the reason.
UNCHECKED: tuple[tuple[int, str], ...] = ()


def table(controls: Iterable[Control]) -> str:
    """The controls as a Markdown table whose links start at docs/, and the benchmark's rest below it."""
    head = ("| | control | CIS | what the program does | goes red without it |", "|---|---|---|---|---|")
    rows = [
        f"| {each.number} | {each.title} | {', '.join(each.benchmark)} | {each.how} | {_checks(each)} |"
        for each in controls
    ]
    rest = [f"- {section}: {reason}." for section, reason in ELSEWHERE.items()]
    return "\n".join((*head, *rows, "", "Recommendations of the benchmark without a control:", "", *rest))


def _checks(control: Control) -> str:
    """Links to tests and names of the pack's rules, or why there are none."""
    if control.out_of_scope:
        return f"out of scope: {control.out_of_scope}"
    unchecked = dict(UNCHECKED)
    if control.number in unchecked:
        return f"nothing: {unchecked[control.number]}"
    rules = [f"rule `{each.name}`" for each in RULES if control.number in each.controls]
    return "; ".join((*map(_check, control.checks), *rules))


def _check(name: str) -> str:
    file, _, function = name.partition("::")
    sentence = function.removeprefix("test_").replace("_", " ")
    subject = Path(file).stem.removeprefix("test_").replace("_", " ")
    return f"[{subject}: {sentence}](../{file})"


def with_table(page: str) -> str:
    """A page with the table in its place.

    Raises:
        ValueError: when a mark is missing.
    """
    return with_part(page, BEGIN, table(CONTROLS), END)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text(encoding="utf-8")), encoding="utf-8")
