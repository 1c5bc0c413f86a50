"""What weights make of what a level is guaranteed."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from components.scheduler.settings import ParentQueueSettings, QueueResources, QueueSettings, SchedulerSettings
from components.scheduler.shares import NOTHING, Amount, guarantee_of_parent, guarantees, left_to_share
from tests.components.scheduler.queues import SETTINGS, TEAMS, amount, names, queue

GIB = 1024
# A maximum that no part reaches.
LARGE = (1_000_000, 1_000_000)

weighted = st.dictionaries(names, st.integers(1, 1000).map(lambda weight: queue(LARGE, weight=weight)), min_size=1)
levels = st.builds(amount, st.integers(1, 100_000), st.integers(1, 1_000_000))


def total(amounts: dict[str, Amount]) -> Amount:
    """Of all of them."""
    return sum(amounts.values(), NOTHING)


def test_what_nobody_has_by_name_is_parted_by_weight() -> None:
    found = guarantees(SETTINGS, TEAMS)
    assert found == {
        "etl": Amount(10_000, 40 * GIB),
        # Of 100 vCPUs etl has 10 and research 40: three parts and one of the other 50, and of 260 GiB.
        "ads": Amount(37_500, 195 * GIB),
        "ml": Amount(12_500, 65 * GIB),
        "lab": Amount(40_000, 100 * GIB),
    }


@given(levels, weighted)
def test_parts_are_never_more_than_the_whole_and_lose_less_than_one_for_each_team(
    level: QueueResources, teams: dict[str, QueueSettings]
) -> None:
    settings = SchedulerSettings(guaranteed=level)
    lost = Amount.of(level) - total(guarantees(settings, teams))
    assert 0 <= lost.millicpus < len(teams)
    assert 0 <= lost.memory_mib < len(teams)


@given(levels, weighted)
def test_a_larger_weight_never_gets_less_and_an_equal_one_the_same(
    level: QueueResources, teams: dict[str, QueueSettings]
) -> None:
    found = guarantees(SchedulerSettings(guaranteed=level), teams)
    ordered = sorted(teams, key=lambda name: teams[name].weight)
    for smaller, larger in pairwise(ordered):
        assert found[smaller].at_most(found[larger]) == found[smaller]
        if teams[smaller].weight == teams[larger].weight:
            assert found[smaller] == found[larger]


@given(levels, weighted, st.integers(2, 50))
def test_weights_count_against_each_other_and_not_by_themselves(
    level: QueueResources, teams: dict[str, QueueSettings], factor: int
) -> None:
    settings = SchedulerSettings(guaranteed=level)
    light = {name: queue(LARGE, weight=min(each.weight, 1000 // factor) or 1) for name, each in teams.items()}
    heavy = {
        name: queue(LARGE, weight=each.weight * factor) for name, each in light.items() if each.weight * factor <= 1000
    }
    if heavy.keys() == light.keys():
        assert guarantees(settings, light) == guarantees(settings, heavy)


def test_a_part_stops_at_the_maximum() -> None:
    teams = {"small": queue((5, 1000)), "large": queue()}
    assert guarantees(SETTINGS.model_copy(update={"parents": {}}), teams) == {
        "small": Amount(5_000, 200 * GIB),
        "large": Amount(50_000, 200 * GIB),
    }


def test_without_a_number_to_part_a_team_has_nothing_certain() -> None:
    settings = SchedulerSettings(parents={"research": ParentQueueSettings()})
    teams = {"ads": queue(), "etl": queue(guaranteed=(10, 40)), "lab": queue(parent="research")}
    assert guarantees(settings, teams) == {"etl": Amount(10_000, 40 * GIB)}
    assert left_to_share(settings, teams, None) is None


def test_a_parent_without_a_number_has_what_its_teams_have_by_name() -> None:
    settings = SchedulerSettings(guaranteed=amount(100, 400), parents={"research": ParentQueueSettings()})
    teams = {"lab": queue(guaranteed=(7, 9), parent="research"), "ml": queue(guaranteed=(3, 1), parent="research")}
    assert guarantee_of_parent(settings, teams, "research") == Amount(10_000, 10 * GIB)
    assert left_to_share(settings, teams, None) == Amount(90_000, 390 * GIB)
