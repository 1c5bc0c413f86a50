"""Each real node stands for a node of some group: which, what may run there, and what runs there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from components.workloads.scheduling import WORKLOAD_KEY
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real import roster
from local_cluster.nodes.real.roster import ARCHITECTURE, Role, assigned, read_roster, with_images, write_roster
from offline.checks.kubernetes.objects import PodTemplate
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN

IMAGE, OTHER = "registry.example/a:1", "registry.example/b:1"
SPARK_TAINT = {"key": WORKLOAD_KEY, "value": "spark", "effect": "NoSchedule"}
TOLERATION = {"key": WORKLOAD_KEY, "operator": "Exists", "effect": "NoSchedule"}
GIB = 1024**3


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine is Intel's, with two CPUs and 8 GiB."""
    monkeypatch.setattr(roster, "this_platform", lambda: ("linux", "amd64"))
    monkeypatch.setattr(roster.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(roster, "_machine_memory_bytes", lambda: 8 * GIB)


def group(name: str, workload: str = "", *, is_arm: bool = True, **inputs: Any) -> Resource:
    """A node group, of Graviton unless told otherwise."""
    workload = workload or name
    taint = {"key": WORKLOAD_KEY, "value": workload, "effect": "NO_SCHEDULE"}
    urn = f"urn:pulumi:dev::moka::aws:eks/nodeGroup:NodeGroup::{name}"
    return Resource(
        urn,
        {
            "amiType": "AL2023_ARM_64_STANDARD" if is_arm else "AL2023_x86_64_STANDARD",
            "labels": {WORKLOAD_KEY: workload},
            "nodeGroupName": f"{name}-1",
            "taints": [] if workload == "system" else [taint],
            **inputs,
        },
    )


def stood_for(groups: Sequence[Resource], count: int) -> list[str]:
    return [role.group for role in assigned(groups, count)]


def pods(*images: str, **spec: Any) -> PodTemplate:
    return PodTemplate("spec", {}, {"containers": [{"image": each} for each in images or (IMAGE,)], **spec})


def asking(**resources: Any) -> PodTemplate:
    return PodTemplate("spec", {}, {"containers": [{"image": IMAGE, "resources": resources}]})


def system(*images: str) -> Role:
    return Role("real-1", "system", {WORKLOAD_KEY: "system", ARCHITECTURE: "amd64"}, (), images)


def spark(*images: str) -> Role:
    return Role("real-2", "spark", {WORKLOAD_KEY: "spark", ARCHITECTURE: "amd64"}, (SPARK_TAINT,), images)


def test_each_workload_gets_a_node_before_any_gets_two_and_system_nodes_come_first() -> None:
    groups = [group("executor"), group("driver"), group("executor-2", "executor"), group("system")]
    assert stood_for(groups, 1) == ["system"]
    assert stood_for(groups, 3) == ["system", "driver", "executor"]
    assert stood_for(groups, 4) == ["system", "driver", "executor", "executor-2"]


def test_of_two_architectures_this_machines_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [group("spark-graviton", "spark"), group("spark-intel", "spark", is_arm=False), group("system")]
    assert stood_for(groups, 3) == ["system", "spark-intel", "spark-graviton"]
    monkeypatch.setattr(roster, "this_platform", lambda: ("linux", "arm64"))
    assert stood_for(groups, 3) == ["system", "spark-graviton", "spark-intel"]


def test_a_node_has_the_labels_and_taints_of_its_group_but_the_machines_architecture() -> None:
    (role,) = assigned([group("spark")], 1)
    assert role.node == "real-1"
    assert role.labels is not None
    assert {WORKLOAD_KEY: "spark", "eks.amazonaws.com/nodegroup": "spark-1", ARCHITECTURE: "amd64"}.items() <= (
        role.labels.items()
    )
    assert role.taints == (SPARK_TAINT,)


def test_a_label_that_is_not_known_yet_is_left_out() -> None:
    (role,) = assigned([group("spark", nodeGroupName=UNKNOWN)], 1)
    assert role.labels is not None
    assert "eks.amazonaws.com/nodegroup" not in role.labels


def test_more_nodes_than_groups_begin_anew_with_the_first() -> None:
    assert stood_for([group("spark"), group("system")], 5) == ["system", "spark", "system", "spark", "system"]


def test_without_groups_nodes_stand_for_none_and_run_nothing() -> None:
    roles = assigned([], 2)
    assert [(role.node, role.group) for role in roles] == [("real-1", ""), ("real-2", "")]
    assert not any(role.may_run(pods()) for role in with_images(roles, {"real-1": {IMAGE}, "real-2": {IMAGE}}))
    assert assigned([group("system")], 0) == []


def test_a_taint_keeps_pods_away_that_do_not_tolerate_it() -> None:
    assert system().may_run(pods())
    assert not spark().may_run(pods())
    assert spark().may_run(pods(tolerations=[TOLERATION]))


def test_a_selector_keeps_pods_to_nodes_that_have_its_labels() -> None:
    chosen = pods(nodeSelector={WORKLOAD_KEY: "spark"}, tolerations=[TOLERATION])
    assert not system().may_run(chosen)
    assert spark().may_run(chosen)
    assert not spark().may_run(pods(nodeSelector={ARCHITECTURE: "arm64"}, tolerations=[TOLERATION]))


@pytest.mark.parametrize(
    ("resources", "fits"),
    [
        ({"requests": {"cpu": "2", "memory": "8Gi"}}, True),
        ({"requests": {"cpu": "2100m"}}, False),
        ({"requests": {"memory": "9Gi"}}, False),
        ({"limits": {"memory": "9Gi"}}, False),
    ],
)
def test_pods_that_are_larger_than_the_machine_find_no_room_on_it(resources: dict[str, Any], fits: bool) -> None:
    assert system().may_run(asking(**resources)) is fits
    assert system().admits(asking(**resources))


def test_pods_run_where_every_image_of_theirs_is() -> None:
    starting = pods(IMAGE, initContainers=[{"image": OTHER}])
    assert system(IMAGE).runs(pods())
    assert not system(OTHER).runs(pods())
    assert not system(IMAGE).runs(starting)
    assert system(IMAGE, OTHER).runs(starting)
    assert not spark(IMAGE).runs(pods()), "an image is not enough where a taint keeps them away"


def test_a_roster_is_read_as_it_was_written(tmp_path: Path) -> None:
    directory = ClusterDirectory(tmp_path, "dev")
    directory.make()
    assert read_roster(directory) == []
    written = with_images(
        [system(), spark(), Role("real-3")], {"real-1": {OTHER, IMAGE}, "real-2": set(), "real-3": set()}
    )
    write_roster(directory, written)
    assert read_roster(directory) == written
    assert written[0].images == (IMAGE, OTHER)
    assert directory.roster.stat().st_mode & 0o077 == 0
