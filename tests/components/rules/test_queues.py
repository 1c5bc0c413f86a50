"""Queues that contradict each other, or what there is, are refused."""

import pytest

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.rules.queues import capacity_of, rules_of_queues
from components.scheduler.settings import ParentQueueSettings, QueueSettings, SchedulerSettings
from tests.components.scheduler.queues import SETTINGS, TEAMS, amount, queue

PLENTY = (10_000, 100_000)


def broken(
    settings: SchedulerSettings, teams: dict[str, QueueSettings], capacity: tuple[int, int] = PLENTY
) -> list[str]:
    """Fields of the broken rules."""
    return [each.field for each in rules_of_queues(settings, teams, capacity)]


def research(
    guaranteed: tuple[int, int] | None = None,
    maximum: tuple[int, int] | None = None,
    level: tuple[int, int] | None = None,
) -> SchedulerSettings:
    """Settings with one parent queue."""
    parent = ParentQueueSettings(
        guaranteed=amount(*guaranteed) if guaranteed else None, maximum=amount(*maximum) if maximum else None
    )
    return SchedulerSettings(guaranteed=amount(*level) if level else None, parents={"research": parent})


def test_queues_that_fit_break_no_rule() -> None:
    assert broken(SETTINGS, TEAMS) == []
    assert broken(SchedulerSettings(), {}) == []


def test_a_parent_that_is_not_there_is_told_with_those_that_are() -> None:
    (found,) = rules_of_queues(SETTINGS, {**TEAMS, "ops": queue(parent="reserch")}, PLENTY)
    assert found.field == "teams.ops.queue.parent"
    assert "research" in found.fix


def test_a_parent_is_not_called_as_a_teams_queue() -> None:
    settings = SchedulerSettings(parents={"spark-ads": ParentQueueSettings()})
    teams = {"ads": queue(), "etl": queue(parent="spark-ads")}
    assert broken(settings, teams) == ["scheduler.parents.spark-ads"]


def test_a_parent_without_a_team_is_refused() -> None:
    assert broken(research((1, 1), level=(9, 9)), {"ads": queue()}) == ["scheduler.parents.research"]


@pytest.mark.parametrize("maximum", [(81, 1), (1, 301)])
def test_a_maximum_above_the_parents_is_refused(maximum: tuple[int, int]) -> None:
    teams = {"lab": queue(maximum, parent="research")}
    assert broken(research(maximum=(80, 300)), teams) == ["teams.lab.queue.maximum"]


def test_a_parents_maximum_holds_what_its_teams_are_guaranteed() -> None:
    teams = {name: queue((20, 20), (6, 6), parent="research") for name in ("lab", "ml")}
    assert broken(research(maximum=(20, 20)), teams) == []
    assert broken(research(maximum=(11, 20)), {name: queue((10, 20), (6, 6), parent="research") for name in teams}) == [
        "scheduler.parents.research.maximum"
    ]


def test_guarantees_by_name_fit_into_those_of_their_level() -> None:
    teams = {"lab": queue(guaranteed=(6, 6), parent="research"), "ml": queue(guaranteed=(6, 6), parent="research")}
    assert broken(research((12, 12)), teams) == []
    assert broken(research((11, 12)), teams) == ["scheduler.parents.research.guaranteed"]
    assert broken(research((12, 12), level=(12, 11)), teams) == ["scheduler.guaranteed"]
    assert broken(research(level=(12, 11)), teams) == ["scheduler.guaranteed"]


def test_a_level_leaves_something_for_those_that_share() -> None:
    teams = {"ads": queue(), "etl": queue(guaranteed=(10, 39))}
    assert broken(SchedulerSettings(guaranteed=amount(10, 40)), teams) == ["scheduler.guaranteed"]
    assert broken(SchedulerSettings(guaranteed=amount(11, 40)), teams) == []


def test_weights_without_effect_are_refused() -> None:
    assert broken(SchedulerSettings(), {"ads": queue(weight=2), "etl": queue()}) == ["teams.ads.queue.weight"]
    assert broken(research(), {"lab": queue(weight=2, parent="research")}) == ["teams.lab.queue.weight"]
    assert broken(research((9, 9)), {"lab": queue(weight=2, parent="research")}) == []


@pytest.mark.parametrize("capacity", [(99, 400), (100, 399)])
def test_more_than_there_is_can_t_be_guaranteed(capacity: tuple[int, int]) -> None:
    assert broken(SETTINGS, TEAMS, capacity) == ["scheduler.guaranteed"]
    by_name = {"ads": queue(guaranteed=(60, 300)), "lab": queue(guaranteed=(40, 100), parent="research")}
    assert broken(research(), by_name, capacity) == ["scheduler.guaranteed"]
    assert broken(research(), by_name, (100, 400)) == []


def test_capacity_is_that_of_sparks_groups_by_their_smallest_types_and_of_pools_by_their_limits() -> None:
    def group(workload: str, size: int, *types: str) -> NodeGroupSettings:
        tree = {"workload": workload, "architecture": "arm64", "instance_types": types, "size": size}
        return NodeGroupSettings.model_validate(tree)

    groups = {
        "system": group("system", 3, "m7g.large"),
        "drivers": group("spark-driver", 2, "m7gd.xlarge"),
        "executors": group("spark-executor", 5, "r7gd.4xlarge", "r7gd.2xlarge"),
        "shuffle": group("shuffle", 7, "im4gn.4xlarge"),
    }
    assert capacity_of(groups, {}) == (2 * 4 + 5 * 8, 2 * 16 + 5 * 64)
    limits = {"vcpus": 100, "memory_gib": 700}
    pool = NodePoolSettings.model_validate({"workload": "spark", "architecture": "arm64", "limits": limits})
    assert capacity_of(groups, {"more": pool, "most": pool}) == (48 + 200, 352 + 1400)
