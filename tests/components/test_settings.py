"""Settings: the four stacks load, their schema fits, and errors come all at once.

Each rule has a row in `tests/checks/mistakes_settings.py`, those of node pools in `mistakes_pools.py`.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.settings import STACKS
from components.settings_error import SettingsError
from components.stack_schema import stack_schema
from tests.checks.mistakes_settings import put
from tests.stack_files import ENVIRONMENTS, Tree, settings, settings_tree, stack_file


def message_of(stack: str, change: Callable[[Tree], object]) -> str:
    try:
        settings(stack, change)
    except SettingsError as error:
        return str(error)
    return ""


def refused(stack: str, change: Callable[[Tree], object], today: date = date(2026, 11, 23)) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(stack, change, today)
    return str(caught.value)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_each_stack_loads_and_is_named_after_its_environment(stack: str) -> None:
    assert settings(stack).name == stack


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_each_stack_file_follows_the_published_schema(stack: str) -> None:
    jsonschema.validate(yaml.safe_load(stack_file(stack).read_text()), json.loads((STACKS / "schema.json").read_text()))


def test_the_published_schema_is_the_models() -> None:
    assert json.loads((STACKS / "schema.json").read_text()) == stack_schema()


@pytest.mark.parametrize("change", [put("netwrk", {}), put("region", 5), put("network/nat", "several")])
def test_the_schema_refuses_what_loading_refuses(change: Callable[[Tree], None]) -> None:
    tree = settings_tree("dev")
    change(tree)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"config": {"moka:settings": tree}}, stack_schema())
    refused("dev", change)


def test_too_many_nodes_for_the_addresses_are_refused_with_the_numbers() -> None:
    def change(tree: Tree) -> None:
        tree["network"]["zones"] = {"us-east-1a": "100.66.0.0/20", "us-east-1b": "100.67.0.0/20"}
        tree["node_groups"]["spark-intel"]["size"] = 400

    message = refused("dev", change)
    assert "network.zones.us-east-1a = 100.66.0.0/20" in message
    assert "must hold 5031 /28 blocks, but holds 254" in message
    assert "first of node_groups.spark-intel" in message


def test_all_errors_of_a_file_are_reported_at_once() -> None:
    def change(tree: Tree) -> None:
        tree["network"]["nta"] = "single"
        tree["cluster"]["log_retention_days"] = 31
        tree["node_groups"]["system"]["size"] = 451
        tree["log_buckets"]["object_lock_days"] = 3
        del tree["region"]

    message = refused("test", change)
    assert message.startswith("stacks/Pulumi.test.yaml: 5 errors in moka:settings")
    for field in ("network.nta", "cluster.log_retention_days", "region = nothing", "log_buckets.versioned"):
        assert field in message


def test_a_misspelt_key_is_answered_with_the_right_one() -> None:
    assert "write retention_days" in refused("dev", put("log_buckets/retension_days", 3))


@pytest.mark.parametrize("stack", ENVIRONMENTS)
@pytest.mark.parametrize("file", ENVIRONMENTS)
def test_swapping_two_stacks_files_is_refused(stack: str, file: str) -> None:
    def swap(tree: Tree) -> None:
        tree.clear()
        tree.update(settings_tree(file))

    if stack != file:
        assert f"must be {stack}, the name of the stack" in refused(stack, swap)


def test_the_kubernetes_version_is_judged_by_the_date() -> None:
    last_day = date(2027, 3, 27)
    assert settings("production", today=last_day).cluster.kubernetes_version == "1.35"
    assert "ended on 2027-03-27" in refused("production", put("logs", {}), date(2027, 3, 28))


@pytest.mark.parametrize("kind", ["node_groups", "node_pools"])
def test_production_runs_drivers_on_demand_and_executors_on_six_spot_types_of_each_architecture(kind: str) -> None:
    groups = getattr(settings("production"), kind).values()
    drivers = [group for group in groups if group.workload == "spark-driver"]
    executors = [group for group in groups if group.workload == "spark-executor"]
    assert {group.architecture for group in drivers} == {"x86_64", "arm64"}
    assert {group.capacity for group in drivers} == {"on-demand"}
    assert {group.architecture for group in executors} == {"x86_64", "arm64"}
    assert {group.capacity for group in executors} == {"spot"}
    assert all(len(set(group.instance_types)) >= 6 for group in executors)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
PATHS = ("name", "region", "network", "network/cidr", "network/zones", "cluster/access", "node_groups", "logs", "new")


@given(path=st.sampled_from(PATHS), value=JSON_VALUES)
def test_no_value_anywhere_escapes_as_anything_but_a_settings_error(path: str, value: Any) -> None:
    message = message_of("dev", put(path, value))
    assert not message or message.startswith("stacks/Pulumi.dev.yaml: ")


# The metrics stack of dev holds 17 such nodes beside its pools, and Amazon EKS 450 in a group.
@given(st.integers(-5, 17) | st.integers(440, 460))
def test_a_group_loads_exactly_when_the_platform_holds_its_nodes(size: int) -> None:
    change = put("node_groups/spark-intel/size", size)
    if 0 <= size <= 17:
        assert settings("dev", change).node_groups["spark-intel"].size == size
    else:
        assert re.search(r"node_groups\.spark-intel\.size|monitoring\.", refused("dev", change))
