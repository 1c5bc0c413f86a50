"""docs/doctor.md: its table and policy are those of the checks, and the policy holds every call that is made."""

import json

import pytest

from components.settings import STACKS
from doctor.actions import action_of
from doctor.checks import CHECKS
from doctor.page import policy, table, with_parts
from tests.doctor.faults import FAULTS, Fault
from tests.doctor.patient import Patient

PAGE = STACKS.parent / "docs" / "doctor.md"


def test_the_page_is_as_the_checks_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_parts(page) == page, "run make docs"


def test_the_table_has_a_row_for_every_check() -> None:
    rows = table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [each.name for each in CHECKS]


@pytest.mark.parametrize("fault", [*FAULTS[::6]], ids=lambda fault: fault.check)
def test_the_policy_allows_every_call_that_is_made(fault: Fault, dev: Patient) -> None:
    allowed = json.loads(policy().removeprefix("```json").removesuffix("```"))["Statement"][0]["Action"]
    if fault.stack == "dev" and fault.check != "detector":
        fault.plant(dev)
    dev.look()
    assert {action_of(call) for call, *_ in dev.clients.calls} <= set(allowed)


@pytest.mark.parametrize("page", ["", "<!-- checks: made by doctor/page.py -->\n<!-- end of checks -->"])
def test_a_page_without_the_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="the page lacks the line"):
        with_parts(page)
