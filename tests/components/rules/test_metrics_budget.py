"""Settings whose metrics stack cannot hold the metrics of the node groups and pools are refused."""

from typing import Any

import pytest

from components.capacity.settings import NodePoolSettings, PoolLimits
from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.monitoring.settings import MonitoringSettings
from components.rules.metrics_budget import cardinality_of, rules_of_cardinality
from components.settings_error import SettingsError
from tests.stack_files import ENVIRONMENTS, settings

SYSTEM = NodeGroupSettings(workload="system", architecture="arm64", instance_types=("r7g.2xlarge",), size=6)
EXECUTORS = NodeGroupSettings(
    workload="spark",
    architecture="arm64",
    instance_types=("r7gd.8xlarge", "r7gd.4xlarge"),
    size=400,
    max_pods=42,
)


def violations(**changes: Any) -> list[Violation]:
    return list(rules_of_cardinality(MonitoringSettings(**changes), [SYSTEM, EXECUTORS], []))


def test_the_defaults_hold_four_hundred_executor_nodes() -> None:
    assert violations() == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_stack_holds_the_metrics_of_its_node_groups_and_pools(stack: str) -> None:
    tree = settings(stack)
    assert list(rules_of_cardinality(tree.monitoring, tree.node_groups.values(), tree.node_pools.values())) == []


@pytest.mark.parametrize(
    ("field", "too_little"),
    [("prometheus_memory_gib", 4), ("volume_gib", 20), ("cluster_collector_memory_mib", 512)],
)
def test_too_little_is_refused_and_the_least_that_is_named_holds(field: str, too_little: int) -> None:
    (violation,) = violations(**{field: too_little})
    assert violation.field == f"monitoring.{field}"
    assert violation.value == too_little
    least = int(violation.rule.split()[4])
    assert violations(**{field: least}) == []
    assert violations(**{field: least - 1})
    assert str(least) in violation.fix


def test_a_stack_that_grows_beyond_its_prometheus_does_not_load() -> None:
    def grow(tree: dict[str, Any]) -> None:
        tree["node_groups"]["executor-intel"]["size"] = 450
        tree["monitoring"] = {"prometheus_memory_gib": 12}
        del tree["node_pools"]

    with pytest.raises(SettingsError, match=r"monitoring.prometheus_memory_gib = 12\n +rule: +must be at least 14"):
        settings("production", grow)


def test_a_shorter_life_of_pods_takes_more_memory() -> None:
    (violation,) = violations(spark_pod_lifetime_minutes=10)
    assert violation.field == "monitoring.prometheus_memory_gib"


def test_the_workspaces_quota_counts_where_there_is_a_workspace() -> None:
    few: dict[str, Any] = {"active_series_quota": 2_000_000, "spark_pod_lifetime_minutes": 60}
    assert "monitoring.active_series_quota" in {each.field for each in violations(**few)}
    few["storage"] = "in-cluster"
    assert "monitoring.active_series_quota" not in {each.field for each in violations(**few)}


def test_prometheus_must_fit_a_system_node() -> None:
    (violation,) = violations(prometheus_memory_gib=52)
    assert violation.rule == "must fit a system node: at most 51 on r7g.2xlarge"


def test_the_largest_instance_type_of_a_group_counts() -> None:
    metrics = cardinality_of(MonitoringSettings(), [EXECUTORS])
    assert metrics.units["core"] == 400 * 32
    assert (metrics.units["executor"], metrics.units["driver"]) == (400 * 32, 400)


def test_a_pool_counts_as_many_small_nodes_as_its_limit_holds() -> None:
    pool = NodePoolSettings(
        workload="spark-executor", architecture="arm64", limits=PoolLimits(vcpus=1000, memory_gib=8000)
    )
    metrics = cardinality_of(MonitoringSettings(), [pool])
    assert metrics.units["node"] == 31
    assert metrics.units["core"] == 31 * 32
    assert (metrics.units["executor"], metrics.units["driver"]) == (31 * 32, 0)


def test_fewer_nodes_than_the_vcpus_hold_are_larger_ones() -> None:
    limits = PoolLimits(vcpus=1000, memory_gib=8000, nodes=10)
    pool = NodePoolSettings(workload="spark-executor", architecture="arm64", limits=limits)
    metrics = cardinality_of(MonitoringSettings(), [pool])
    assert (metrics.units["node"], metrics.units["core"]) == (10, 640)


def test_a_pool_that_grows_beyond_prometheus_is_refused() -> None:
    pool = NodePoolSettings(
        workload="spark-executor", architecture="arm64", limits=PoolLimits(vcpus=40_000, memory_gib=320_000)
    )
    found = rules_of_cardinality(MonitoringSettings(), [SYSTEM], [pool])
    assert "monitoring.prometheus_memory_gib" in {each.field for each in found}
    assert all("limits" in each.fix for each in found)
