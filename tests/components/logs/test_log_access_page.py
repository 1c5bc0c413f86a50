"""What docs/log-access.md says about cost follows from the stacks' lifecycles."""

import re

import pytest

from components.settings import STACKS
from tests.stack_files import ENVIRONMENTS, settings

PAGE = (STACKS.parent / "docs" / "log-access.md").read_text()
GB_A_TERABYTE = 1024
DAYS_A_MONTH = 30


def price(name: str) -> float:
    """USD per GB and month, as the page states it."""
    found = re.search(rf"([\d.]+) (?:USD per GB and month )?in {name}\b", PAGE)
    assert found, name
    return float(found[1])


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stacks_row_is_that_of_its_lifecycle(stack: str) -> None:
    lifecycle = settings(stack).log_buckets
    standard = min(lifecycle.infrequent_access_after_days or lifecycle.retention_days, lifecycle.retention_days)
    infrequent = lifecycle.retention_days - standard
    replaced = lifecycle.noncurrent_retention_days if lifecycle.versioned else 0
    months = {"S3 Standard": standard / DAYS_A_MONTH, "Standard-IA": (infrequent + replaced) / DAYS_A_MONTH}
    cost = sum(GB_A_TERABYTE * price(name) * share for name, share in months.items())
    assert f"| {stack} | {standard} | {infrequent} | {replaced} | {cost:.2f} |" in PAGE
