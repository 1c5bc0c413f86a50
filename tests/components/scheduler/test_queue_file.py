"""The queue file: a leaf for each team, placement by namespace, and resources in YuniKorn's words."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.scheduler.queue_file import placement_rules, queue_file, queue_path, queue_tree
from components.scheduler.settings import ParentQueueSettings, SchedulerSettings
from tests.components.scheduler.queues import SETTINGS, TEAMS, names, queue


def partition(**changed: Any) -> dict[str, Any]:
    """The file's one partition."""
    (found,) = queue_tree(SETTINGS.model_copy(update=changed), TEAMS)["partitions"]
    return found


def leaves(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Full name of each leaf to its queue."""

    def walk(path: str, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
        if not found.get("parent"):
            return {path: found}
        return {
            name: each for child in found["queues"] for name, each in walk(f"{path}.{child['name']}", child).items()
        }

    (root,) = tree["queues"]
    return walk(root["name"], root)


def test_each_team_has_one_leaf_called_after_its_namespace_below_its_parent() -> None:
    assert set(leaves(partition())) == {
        "root.spark-ads",
        "root.spark-etl",
        "root.spark-ml",
        "root.research.spark-lab",
    }


@given(st.dictionaries(names, st.sampled_from([None, "up", "down"]).map(lambda parent: queue(parent=parent))))
def test_the_name_that_others_are_told_is_the_leafs(teams: Any) -> None:
    settings = SchedulerSettings(parents={"up": ParentQueueSettings(), "down": ParentQueueSettings()})
    (found,) = queue_tree(settings, teams)["partitions"]
    told = {queue_path(team, each) for team, each in teams.items()}
    assert told == set(leaves(found)) - {"root", "root.up", "root.down"}


def test_resources_carry_the_units_that_yunikorn_reads() -> None:
    assert leaves(partition())["root.spark-ads"]["resources"] == {
        "guaranteed": {"vcore": "37500m", "memory": "199680Mi"},
        "max": {"vcore": "100000m", "memory": "409600Mi"},
    }


def test_a_team_that_has_nothing_certain_names_no_guarantee() -> None:
    (found,) = queue_tree(SchedulerSettings(), {"ads": queue()})["partitions"]
    assert set(leaves(found)["root.spark-ads"]["resources"]) == {"max"}


def test_a_parent_carries_its_own_limits() -> None:
    (root,) = partition()["queues"]
    (research,) = (each for each in root["queues"] if each["name"] == "research")
    assert research["parent"] is True
    assert research["resources"] == {
        "guaranteed": {"vcore": "40000m", "memory": "102400Mi"},
        "max": {"vcore": "80000m", "memory": "307200Mi"},
    }
    assert "resources" not in root, "YuniKorn refuses limits of the root"


def test_applications_are_placed_by_their_namespace_alone() -> None:
    rules = placement_rules(SETTINGS)
    assert rules == [
        {"name": "tag", "value": "namespace", "create": False},
        {
            "name": "tag",
            "value": "namespace",
            "create": False,
            "parent": {"name": "fixed", "value": "research", "create": False},
        },
    ]
    assert placement_rules(SchedulerSettings()), "without any rule YuniKorn puts pods into the queue that they name"


def test_gangs_find_the_order_that_they_need_and_priorities_stay_within_the_team() -> None:
    for each in leaves(partition(preemption_delay_seconds=45)).values():
        assert each["properties"] == {
            "application.sort.policy": "fifo",
            "priority.policy": "fence",
            "preemption.delay": "45s",
        }


def test_applications_are_limited_where_the_team_says_so() -> None:
    limits = {name: each.get("maxapplications") for name, each in leaves(partition()).items()}
    assert limits == {
        "root.research.spark-lab": 4,
        "root.spark-ads": None,
        "root.spark-etl": None,
        "root.spark-ml": None,
    }


def test_preemption_and_the_order_of_nodes_are_the_partitions() -> None:
    assert partition()["preemption"] == {"enabled": True}
    assert partition(preemption=False)["preemption"] == {"enabled": False}
    assert partition(node_order="fair")["nodesortpolicy"] == {"type": "fair"}


def test_the_file_says_the_same_whatever_order_teams_come_in() -> None:
    backwards = dict(reversed(TEAMS.items()))
    assert queue_file(SETTINGS, TEAMS) == queue_file(SETTINGS, backwards)
    assert yaml.safe_load(queue_file(SETTINGS, TEAMS)) == queue_tree(SETTINGS, TEAMS)
