"""A NodePool says whom its nodes are for, how many there may be, and when they may go."""

import json
from typing import Any

import pytest

from components.capacity.node_pool import node_pool_spec
from components.capacity.settings import NodePoolSettings
from tests.stack_files import ENVIRONMENTS, settings

ZONES = ["us-east-1a", "us-east-1b"]


def spec(**changes: Any) -> dict[str, Any]:
    values = {"workload": "spark-executor", "architecture": "x86_64", "limits": {"vcpus": 1000, "memory_gib": 8000}}
    return node_pool_spec("executors", NodePoolSettings.model_validate_json(json.dumps(values | changes)), ZONES)


def requirements(**changes: Any) -> dict[str, list[str]]:
    found = spec(**changes)["template"]["spec"]["requirements"]
    assert {each["operator"] for each in found} == {"In"}
    return {each["key"]: each["values"] for each in found}


def test_nodes_are_labelled_and_tainted_as_those_of_a_group() -> None:
    template = spec()["template"]

    assert template["metadata"]["labels"] == {"moka/workload": "spark-executor"}
    assert template["spec"]["taints"] == [{"key": "moka/workload", "value": "spark-executor", "effect": "NoSchedule"}]


def test_no_taint_waits_for_somebody_to_remove_it() -> None:
    assert "startupTaints" not in spec()["template"]["spec"]


@pytest.mark.parametrize(
    ("workload", "capacity"), [("spark-executor", "spot"), ("spark-driver", "on-demand"), ("spark", "on-demand")]
)
def test_capacity_is_bought_in_one_way(workload: str, capacity: str) -> None:
    assert requirements(workload=workload)["karpenter.sh/capacity-type"] == [capacity]


@pytest.mark.parametrize(("architecture", "name"), [("x86_64", "amd64"), ("arm64", "arm64")])
def test_processors_have_the_names_that_kubernetes_gives_them(architecture: str, name: str) -> None:
    assert requirements(architecture=architecture)["kubernetes.io/arch"] == [name]


def test_types_and_zones_are_those_of_the_settings() -> None:
    found = requirements(instance_types=["m6id.4xlarge"], capacity="on-demand")

    assert found["node.kubernetes.io/instance-type"] == ["m6id.4xlarge"]
    assert found["topology.kubernetes.io/zone"] == ZONES


def test_limits_bound_vcpus_memory_and_nodes() -> None:
    assert spec()["limits"] == {"cpu": "1000", "memory": "8000Gi", "nodes": "31"}
    few = {"vcpus": 1000, "memory_gib": 8000, "nodes": 7}
    assert spec(limits=few)["limits"]["nodes"] == "7"


def test_the_class_has_the_pools_name() -> None:
    assert spec()["template"]["spec"]["nodeClassRef"] == {
        "group": "karpenter.k8s.aws",
        "kind": "EC2NodeClass",
        "name": "executors",
    }


def test_only_empty_nodes_go_in_working_hours_and_a_tenth_at_other_times() -> None:
    assert spec()["disruption"] == {
        "consolidationPolicy": "WhenEmpty",
        "consolidateAfter": "5m",
        "budgets": [
            {"nodes": "10%"},
            {"nodes": "0", "reasons": ["Drifted", "Underutilized"], "schedule": "0 6 * * mon-fri", "duration": "960m"},
        ],
    }


@pytest.mark.parametrize("workload", ["spark-driver", "spark"])
def test_a_drain_waits_for_drivers_as_long_as_they_run(workload: str) -> None:
    assert "terminationGracePeriod" not in spec(workload=workload)["template"]["spec"]


def test_a_drain_of_executors_ends_within_an_hour() -> None:
    assert spec()["template"]["spec"]["terminationGracePeriod"] == "60m"


@pytest.mark.parametrize(("hours", "expected"), [(None, "Never"), (336, "336h")])
def test_nodes_expire_only_where_the_settings_say_so(hours: int | None, expected: str) -> None:
    assert spec(expire_after_hours=hours)["template"]["spec"]["expireAfter"] == expected


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_graviton_is_asked_before_intel_for_each_workload(stack: str) -> None:
    pools = settings(stack).node_pools
    weights = {
        (pool.workload, pool.architecture): node_pool_spec(name, pool, ZONES)["weight"] for name, pool in pools.items()
    }

    for workload in {pool.workload for pool in pools.values()}:
        assert weights[workload, "arm64"] > weights[workload, "x86_64"]
