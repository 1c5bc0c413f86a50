"""Nodes of a group: real ones stand for the first, simulated ones for the rest, and what was given is taken back."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.nodes import node_groups
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED
from local_cluster.nodes.node_groups import GROUP_LABEL, NodeError, NodeGroups
from local_cluster.nodes.node_object import PlannedNode
from local_cluster.nodes.real.site import UNASSIGNED
from offline.checks.kubernetes.room import Room

ZONE = "topology.kubernetes.io/zone"
HOST, ARCHITECTURE = "kubernetes.io/hostname", "kubernetes.io/arch"
OWN = {HOST: "real-1", ARCHITECTURE: "amd64", LABEL: REAL}
TAINT = {"key": "moka/workload", "value": "spark", "effect": "NoSchedule"}

Object = dict[str, Any]


class Cluster:
    """Nodes and pods, in memory; every pod goes as soon as it is asked to."""

    def __init__(self) -> None:
        self.nodes: dict[str, Object] = {}
        self.pods: list[Object] = []

    def kubelet(self, name: str) -> None:
        """A kubelet registers a real node."""
        metadata = {"name": name, "labels": OWN | {HOST: name}, "annotations": {}}
        self.nodes[name] = {"metadata": metadata, "spec": {"taints": [UNASSIGNED]}}

    def listed(self, kind: str, *, field_selector: str = "", label_selector: str = "") -> list[Object]:
        if kind == "Pod":
            node = field_selector.removeprefix("spec.nodeName=")
            return [each for each in self.pods if each["spec"]["nodeName"] == node]
        name = field_selector.removeprefix("metadata.name=")
        key, _, value = label_selector.partition("=")
        return [
            each
            for each in self.nodes.values()
            if name in ("", each["metadata"]["name"]) and (not key or each["metadata"]["labels"].get(key) == value)
        ]

    def apply(self, made: Object) -> None:
        self.nodes.setdefault(made["metadata"]["name"], made)

    def resource(self, _kind: str) -> "Cluster":
        return self

    @property
    def status(self) -> "Cluster":
        return self

    @property
    def eviction(self) -> "Cluster":
        return self

    def create(self, *, body: Object, name: str = "", **_: Any) -> None:
        if body.get("kind") == "Eviction":
            self.pods = [each for each in self.pods if each["metadata"]["name"] != name]
        else:
            self.nodes[body["metadata"]["name"]] = body

    def patch(self, *, name: str, body: Object, **_: Any) -> None:
        """A merge patch: what is null goes."""
        self.nodes[name] = merged(self.nodes[name], body)

    def delete(self, *, name: str) -> None:
        del self.nodes[name]

    def labels(self, name: str) -> dict[str, str]:
        return self.nodes[name]["metadata"]["labels"]

    @property
    def groups(self) -> NodeGroups:
        return NodeGroups(cast(KubernetesApi, self), lambda _: None)


def merged(before: Any, patch: Any) -> Any:
    """Source: RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    made = dict(before) if isinstance(before, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), value)
    return made


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """Two real nodes that stand for none."""
    monkeypatch.setattr(node_groups, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(node_groups, "_REGISTRATION_SECONDS", 0.0)
    made = Cluster()
    for name in ("real-1", "real-2"):
        made.kubelet(name)
    return made


def planned(number: int, **labels: str) -> PlannedNode:
    """One node of a group of Graviton instances."""
    name = f"ip-100-64-0-{number}.ec2.internal"
    own = {HOST: name, ARCHITECTURE: "arm64", "kubernetes.io/os": "linux"}
    return PlannedNode(
        name=name,
        group="spark",
        instance_type="m7g.xlarge",
        zone=f"us-east-1{'abc'[number]}",
        labels={ZONE: f"us-east-1{'abc'[number]}", "moka/workload": "spark", **own, **labels},
        taints=(TAINT,),
        capacity=Room(4000, 1 << 34, 58),
        allocatable=Room(3900, 1 << 33, 58),
        storage_bytes=1 << 36,
        allocatable_storage_bytes=1 << 35,
    )


THREE = [planned(number) for number in range(3)]


def test_real_nodes_take_the_first_places_and_the_others_are_simulated(cluster: Cluster) -> None:
    cluster.groups.put("spark", THREE, ["real-1"])
    simulated = {name for name in cluster.nodes if cluster.labels(name)[LABEL] == SIMULATED}
    assert simulated == {THREE[1].name, THREE[2].name}
    assert cluster.labels("real-1")[ZONE] == "us-east-1a"
    members = cluster.listed("Node", label_selector=f"{GROUP_LABEL}=spark")
    assert {each["metadata"]["name"] for each in members} == {"real-1", *simulated}
    assert cluster.labels("real-2") == OWN | {HOST: "real-2"}


def test_a_real_node_has_the_labels_and_taints_of_its_place_and_stays_who_it_is(cluster: Cluster) -> None:
    cluster.groups.put("spark", THREE, ["real-1"])
    given = {"moka/workload": "spark", ZONE: "us-east-1a", GROUP_LABEL: "spark"}
    assert cluster.labels("real-1") == OWN | given
    assert cluster.nodes["real-1"]["spec"]["taints"] == [TAINT]


def test_more_real_nodes_than_places_are_left_as_they_are(cluster: Cluster) -> None:
    cluster.groups.put("spark", THREE[:1], ["real-1", "real-2"])
    assert set(cluster.nodes) == {"real-1", "real-2"}
    assert cluster.nodes["real-2"]["spec"]["taints"] == [UNASSIGNED]


def test_a_label_that_a_place_no_longer_has_is_taken_back(cluster: Cluster) -> None:
    cluster.groups.put("spark", [planned(0, tier="fast")], ["real-1"])
    assert cluster.labels("real-1")["tier"] == "fast"
    cluster.groups.put("spark", [planned(1)], ["real-1"])
    assert "tier" not in cluster.labels("real-1")
    assert cluster.labels("real-1")[ZONE] == "us-east-1b"


def test_a_group_that_goes_takes_its_pods_and_labels_and_the_real_node_waits_for_another(cluster: Cluster) -> None:
    cluster.groups.put("spark", THREE, ["real-1"])
    for node in ("real-1", THREE[1].name):
        cluster.pods.append({"metadata": {"name": node, "namespace": "spark"}, "spec": {"nodeName": node}})
    cluster.groups.remove("spark")
    assert cluster.pods == []
    assert set(cluster.nodes) == {"real-1", "real-2"}
    assert cluster.labels("real-1") == OWN
    assert cluster.nodes["real-1"]["spec"] == {"taints": [UNASSIGNED]}, "it is not cordoned for ever"


def test_a_node_that_was_let_go_stands_for_another_groups(cluster: Cluster) -> None:
    cluster.groups.put("spark", THREE, ["real-1"])
    cluster.groups.remove("spark")
    cluster.groups.put("system", [replace(planned(2), taints=())], ["real-1"])
    assert cluster.labels("real-1")[GROUP_LABEL] == "system"
    assert cluster.nodes["real-1"]["spec"]["taints"] == []
    given = json.loads(cluster.nodes["real-1"]["metadata"]["annotations"]["moka.dev/labels-given"])
    assert set(given) == {GROUP_LABEL, ZONE, "moka/workload"}


def test_a_kubelet_that_never_registers_is_named(cluster: Cluster) -> None:
    with pytest.raises(NodeError, match="the kubelet of real-3 has not registered its node"):
        cluster.groups.put("spark", THREE, ["real-3"])
