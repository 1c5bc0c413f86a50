"""The table of how far pools may grow is that of the stack files, and each number is where a rule refuses."""

from pathlib import Path

import pytest

from components.page import with_part
from components.rules.growth import BEGIN, END, LIMITS, MOST_PERCENT, grown, holds, most_percent, stacks, table
from tests.stack_files import ENVIRONMENTS, settings

PAGE = Path(__file__).parents[3] / "docs" / "capacity.md"


def test_the_page_has_the_table_of_the_stack_files() -> None:
    text = PAGE.read_text()

    assert with_part(text, BEGIN, f"\n{table()}\n", END) == text, "make docs writes it anew"


def test_every_stack_is_in_it() -> None:
    assert set(stacks()) == set(ENVIRONMENTS)
    assert [row.split(" | ")[0] for row in table().splitlines()[2:]] == [f"| {each}" for each in stacks()]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_holds_up_to_the_number_that_is_told_and_no_further(limit: str) -> None:
    production = settings("production")
    most = most_percent(production, limit)

    assert 100 <= most < MOST_PERCENT
    assert holds(production, grown(production.node_pools, most), limit)
    assert not holds(production, grown(production.node_pools, most + 1), limit)


def test_pools_of_their_own_for_each_zone_take_production_beyond_two_thousand_nodes() -> None:
    production = settings("production")
    zones = list(production.network.zones)
    third = {
        f"{name}-{zone}": pool.model_copy(update={"zones": (zone,)})
        for name, pool in production.node_pools.items()
        for zone in zones
    }

    assert sum(each.most_nodes for each in third.values()) > 2000
    assert holds(production, third, "addresses")
