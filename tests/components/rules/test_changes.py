"""What a change of settings does to an environment that runs, and which changes are refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from components.change import classification, direction
from components.model import Violation
from components.rules.changes import changes_between, is_entries, model_within, rules_of_changes
from components.settings import Settings
from tests.checks.mistakes_settings import put
from tests.stack_files import ENVIRONMENTS, Tree, settings, settings_tree


def json_of(stack: str, change: Callable[[Tree], object] | None = None) -> Tree:
    return settings(stack, change).model_dump(mode="json")


def refused(stack: str, *changes: Callable[[Tree], object]) -> dict[str, Violation]:
    def change(tree: Tree) -> None:
        for each in changes:
            each(tree)

    return {each.field: each for each in rules_of_changes(Settings, json_of(stack), json_of(stack, change))}


def fields(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field whose value is no settings model of its own."""
    for name, field in model.model_fields.items():
        inner = model_within(field.annotation)
        if inner is None or is_entries(field.annotation) or type(None) in getattr(field.annotation, "__args__", ()):
            yield f"{path}{name}", field
        if inner is not None:
            yield from fields(inner, f"{path}{name}.")


@pytest.mark.parametrize(("path", "field"), [pytest.param(*each, id=each[0]) for each in fields(Settings)])
def test_every_field_says_what_its_change_does(path: str, field: Any) -> None:
    assert classification(field.metadata), f"{path} carries no OnChange"


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_settings_that_stay_change_nothing(stack: str) -> None:
    assert not list(changes_between(Settings, json_of(stack), json_of(stack)))


def test_a_field_that_the_environment_does_not_know_yet_is_no_change() -> None:
    old = json_of("dev")
    del old["monitoring"]["volume_gib"]
    assert not list(rules_of_changes(Settings, old, json_of("dev", put("monitoring/volume_gib", 40))))


@pytest.mark.parametrize("value", ["10.64.0.0/20", "10.16.0.0/19"])
def test_what_cannot_be_changed_is_refused_with_what_runs(value: str) -> None:
    violation = refused("dev", put("network/cidr", value))["network.cidr"]
    assert violation.rule == "must stay 10.16.0.0/20 in an environment that runs"
    assert str(violation.value) == value
    assert violation.fix == "restore it"


@pytest.mark.parametrize(
    ("stack", "path", "value", "lost"),
    [
        ("dev", "log_buckets/retention_days", 3, "objects that are older"),
        ("dev", "cluster/log_retention_days", 7, "lines that are older"),
        ("production", "monitoring/storage", "in-cluster", "the samples of the managed workspace"),
        ("production", "monitoring/grafana", "amazon-managed", "what people saved in Grafana"),
    ],
)
def test_what_deletes_data_is_refused_unless_the_stack_accepts_it(
    stack: str, path: str, value: object, lost: str
) -> None:
    field = path.replace("/", ".")
    violation = refused(stack, put(path, value))[field]
    assert lost in violation.reason
    assert f"accept_loss: [{field}]" in violation.fix
    assert not refused(stack, put(path, value), put("accept_loss", [field]))
    assert not refused(stack, put(path, value), put("accept_loss", [field.partition(".")[0]]))
    assert refused(stack, put(path, value), put("accept_loss", [field[:-1]]))


def test_a_longer_retention_deletes_nothing() -> None:
    assert not refused("dev", put("log_buckets/retention_days", 60))


def test_a_zone_that_is_added_stays_without_interfaces_of_the_control_plane() -> None:
    zone = put("network/zones/us-east-1c", "100.71.0.0/16")
    violation = refused("dev", zone)["network.control_plane_zones"]
    assert "control_plane_zones: [us-east-1a, us-east-1b]" in violation.fix
    kept = put("network/control_plane_zones", ["us-east-1a", "us-east-1b"])
    assert "network.control_plane_zones" not in refused("dev", zone, kept)


def test_a_zone_that_is_added_moves_no_group_in_which_drivers_run() -> None:
    """A group that names no zones would be replaced by one that spans the new one; to name its own changes nothing."""
    former = ["us-east-1a", "us-east-1b"]
    zone = [put("network/zones/us-east-1c", "100.71.0.0/16"), put("network/control_plane_zones", former)]
    groups = ("spark-intel", "spark-graviton")
    assert {f"node_groups.{name}.zones" for name in groups} <= refused("dev", *zone).keys()
    assert not refused("dev", *zone, *(put(f"node_groups/{name}/zones", former) for name in groups))


def test_a_group_in_which_drivers_run_is_not_replaced_under_them() -> None:
    change = put("node_groups/spark-graviton/capacity", "on-demand")
    assert "add a group" in refused("dev", change)["node_groups.spark-graviton.capacity"].fix
    executors = put("node_groups/executor-intel/capacity", "on-demand")
    assert not refused("production", executors)


def test_a_group_of_no_nodes_may_be_replaced() -> None:
    old = json_of("dev", put("node_groups/spark-graviton/size", 0))
    new = json_of("dev", put("node_groups/spark-graviton/capacity", "on-demand"))
    assert not list(rules_of_changes(Settings, old, new))


def test_kubernetes_goes_up_by_one_minor_version_and_never_down() -> None:
    def versions(old: str, new: str) -> list[Violation]:
        trees = [json_of("dev"), json_of("dev")]
        for tree, version in zip(trees, (old, new), strict=True):
            tree["cluster"]["kubernetes_version"] = version
        return list(rules_of_changes(Settings, *trees))

    assert not versions("1.34", "1.35")
    (skipped,) = versions("1.33", "1.35")
    assert skipped.fix.startswith("write 1.34 first")
    (lowered,) = versions("1.35", "1.34")
    assert "older version" in lowered.reason


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (1, 2, "larger"),
        (2, 1, "smaller"),
        (None, 1, "added"),
        (1, None, "removed"),
        (False, True, "added"),
        (True, False, "removed"),
        (["a"], ["a", "b"], "added"),
        (["a", "b"], ["a"], "removed"),
        (["a"], ["b"], "other"),
        ("1.9", "1.10", "larger"),
        ("v1.35.3-eksbuild.21", "v1.35.3-eksbuild.3", "smaller"),
        ("single", "high", "other"),
        ("10.0.0.0/8", "10.1.0.0/16", "other"),
    ],
)
def test_a_value_moves_in_a_direction(old: object, new: object, expected: str) -> None:
    assert direction(old, new) == expected


@given(st.sampled_from(ENVIRONMENTS), st.sampled_from(ENVIRONMENTS))
def test_another_environments_settings_are_refused_whatever_differs(old: str, new: str) -> None:
    found = {each.field for each in rules_of_changes(Settings, json_of(old), json_of(new))}
    assert ("name" in found) == (old != new)


def test_a_field_without_a_classification_is_an_error_of_the_program() -> None:
    class Unclassified(BaseModel):
        size: int = 1

    with pytest.raises(TypeError, match=r"Unclassified\.size"):
        list(changes_between(Unclassified, {"size": 1}, {"size": 2}))


def test_the_stack_files_accept_no_loss() -> None:
    assert not [stack for stack in ENVIRONMENTS if settings_tree(stack).get("accept_loss")]
