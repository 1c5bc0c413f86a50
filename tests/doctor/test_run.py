"""Whole runs: a healthy account, one fault at a time, and rights that are missing."""

from collections.abc import Callable

import pytest

from tests.doctor.conftest import Patient
from tests.stack_files import ENVIRONMENTS


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_nothing_is_wrong_in_a_healthy_account(stack: str, patients: Callable[[str], Patient]) -> None:
    outcomes = patients(stack).look()
    assert {name: each.findings for name, each in outcomes.items() if each.status != "ok"} == {}
