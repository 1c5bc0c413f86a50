"""Node pools: usual shapes by workload and architecture, limits that let a node in, drains that wait for drivers."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.capacity.settings import DisruptionBudget, NodePoolSettings
from components.cluster.instance_type import Architecture, family_of
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.usual_nodes import FAMILIES, Workload
from components.model import Model, Violation
from components.settings_error import violations_of
from tests.stack_files import ENVIRONMENTS, settings

EXECUTORS = {
    "workload": "spark-executor",
    "architecture": "arm64",
    "limits": {"vcpus": 1000, "memory_gib": 8000},
}
POOL_WORKLOADS = ("spark-driver", "spark-executor", "spark")


def pool(**changes: Any) -> NodePoolSettings:
    return NodePoolSettings.model_validate_json(json.dumps(EXECUTORS | changes))


def broken(model: type[Model] = NodePoolSettings, base: dict[str, Any] = EXECUTORS, **changes: Any) -> list[Violation]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(json.dumps(base | changes))
    return violations_of(caught.value, model)


@pytest.mark.parametrize("architecture", get_args(Architecture))
@pytest.mark.parametrize("workload", POOL_WORKLOADS)
def test_a_pool_that_names_no_types_gets_its_workloads_families_in_two_sizes(
    workload: Workload, architecture: Architecture
) -> None:
    usual = pool(workload=workload, architecture=architecture)

    assert {family_of(name) for name in usual.instance_types} == set(FAMILIES[workload, architecture])
    assert len({name.partition(".")[2] for name in usual.instance_types}) == 2
    assert usual.has_nvme
    assert {each.architecture for each in usual.types} == {architecture}


@pytest.mark.parametrize("architecture", get_args(Architecture))
@pytest.mark.parametrize("workload", ["system", *POOL_WORKLOADS])
def test_a_group_that_names_no_types_gets_one_size_of_them(workload: Any, architecture: Architecture) -> None:
    group = NodeGroupSettings(workload=workload, architecture=architecture, size=1)

    assert [family_of(name) for name in group.instance_types] == list(FAMILIES[workload, architecture])
    assert len({each.vcpus for each in group.types}) == 1


@pytest.mark.parametrize(
    ("workload", "capacity", "max_pods", "grace"),
    [("spark-executor", "spot", 42, 60), ("spark-driver", "on-demand", 58, None), ("spark", "on-demand", 110, None)],
)
def test_the_usual_shape_follows_from_the_workload(
    workload: str, capacity: str, max_pods: int, grace: int | None
) -> None:
    usual = pool(workload=workload)

    assert (usual.capacity, usual.max_pods, usual.termination_grace_minutes) == (capacity, max_pods, grace)


def test_what_the_stack_says_wins_over_what_is_usual() -> None:
    said = pool(capacity="on-demand", instance_types=["r7gd.4xlarge"], max_pods=20, weight=7)

    assert (said.capacity, said.instance_types, said.max_pods, said.weight) == ("on-demand", ("r7gd.4xlarge",), 20, 7)


def test_graviton_pools_are_asked_before_intel_pools() -> None:
    assert pool().weight > pool(architecture="x86_64").weight


def test_a_missing_field_is_one_error_and_not_one_for_each_that_follows_from_it() -> None:
    without = {key: value for key, value in EXECUTORS.items() if key != "workload"}

    assert [(each.field, each.value) for each in broken(base=without)] == [("workload", "nothing")]


def test_a_wrong_field_is_one_error_and_not_one_for_each_that_follows_from_it() -> None:
    assert [each.field for each in broken(architecture="arm")] == ["architecture"]


def test_platform_pods_have_no_pool() -> None:
    assert [each.field for each in broken(workload="system")] == ["workload"]


def test_a_driver_pool_is_never_spot() -> None:
    assert [each.field for each in broken(workload="spark-driver", capacity="spot")] == ["capacity"]


def test_spot_executors_need_six_types() -> None:
    few = ["r8gd.8xlarge", "r7gd.8xlarge", "r6gd.8xlarge", "m8gd.8xlarge", "m7gd.8xlarge"]

    assert [each.field for each in broken(instance_types=few)] == ["instance_types"]
    assert pool(instance_types=[*few, "m6gd.8xlarge"])
    assert pool(instance_types=few, capacity="on-demand")


@pytest.mark.parametrize("workload", ["spark-driver", "spark"])
def test_no_drain_ends_a_driver(workload: str) -> None:
    (violation,) = broken(workload=workload, termination_grace_minutes=600)

    assert violation.field == "termination_grace_minutes"


@pytest.mark.parametrize(("field", "little", "least"), [("vcpus", 63, 64), ("memory_gib", 511, 512)])
def test_the_largest_type_fits_the_limits(field: str, little: int, least: int) -> None:
    limits = EXECUTORS["limits"]
    (violation,) = broken(limits={**limits, field: little})

    assert violation.field == f"limits.{field}"
    assert violation.rule.startswith(f"must be at least {least}, ")
    assert pool(limits={**limits, field: least})


@pytest.mark.parametrize(
    ("schedule", "minutes", "is_whole"), [("0 6 * * *", 60, True), (None, None, True), ("@daily", 60, False)]
)
def test_a_budget_is_for_always_or_for_some_hours(schedule: str | None, minutes: int | None, is_whole: bool) -> None:
    value = {"nodes": "10%", "schedule": schedule, "duration_minutes": minutes}

    if is_whole:
        assert DisruptionBudget.model_validate_json(json.dumps(value))
    else:
        assert [each.field for each in broken(DisruptionBudget, value)] == ["schedule"]


@pytest.mark.parametrize("half", [{"schedule": "0 6 * * *"}, {"duration_minutes": 60}])
def test_a_budget_that_begins_ends(half: dict[str, Any]) -> None:
    assert [each.field for each in broken(DisruptionBudget, {"nodes": "0"}, **half)] == ["duration_minutes"]


@given(vcpus=st.integers(64, 100_000), nodes=st.none() | st.integers(1, 10_000))
def test_most_nodes_are_what_the_smallest_type_makes_of_the_vcpus_and_never_more_than_asked(
    vcpus: int, nodes: int | None
) -> None:
    most = pool(limits={"vcpus": vcpus, "memory_gib": 8000, "nodes": nodes}).most_nodes

    assert most * 32 <= vcpus
    assert most == nodes or (most + 1) * 32 > vcpus
    assert nodes is None or most <= nodes


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_stack_has_pools_of_both_architectures_for_drivers_and_for_executors(stack: str) -> None:
    pools = settings(stack).node_pools.values()

    assert {each.architecture for each in pools if each.takes_drivers} == {"arm64", "x86_64"}
    assert {each.architecture for each in pools if each.takes_executors} == {"arm64", "x86_64"}


@pytest.mark.parametrize("stack", ["staging", "production"])
def test_where_work_counts_nothing_but_empty_nodes_goes_in_working_hours(stack: str) -> None:
    for each in settings(stack).node_pools.values():
        hours = each.disruption_budgets["working-hours"]
        assert (hours.nodes, hours.reasons) == ("0", ("drifted", "underutilized"))
