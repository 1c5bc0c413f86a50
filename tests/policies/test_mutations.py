"""Every control has a change that takes it away, and each change still fits the program."""

import pytest

from components.settings import STACKS
from policies.controls import CONTROLS
from tests.mutations.mutation import Mutation
from tests.mutations.table import MUTATIONS

PROJECT = STACKS.parent


def test_every_control_has_one() -> None:
    assert sorted(each.control for each in MUTATIONS) == [each.number for each in CONTROLS]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: str(each.control))
def test_each_can_still_be_made(mutation: Mutation) -> None:
    assert mutation.fault(PROJECT) == ""


def test_one_that_fits_nowhere_is_told() -> None:
    gone = Mutation(1, "components/account.py", "nothing of the kind", "")
    assert gone.fault(PROJECT) == (
        "control 1: components/account.py holds 'nothing of the kind' 0 times, and once is wanted"
    )
    assert (
        Mutation(1, "components/absent.py", "", "").fault(PROJECT) == "control 1: components/absent.py does not exist"
    )
