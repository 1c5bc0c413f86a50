"""The picture of a cluster puts what runs in it onto the nodes that it may run on."""

from typing import Any

from offline.drawings.cluster import cluster
from offline.drawings.picture import Group, Picture, boxes_of
from offline.providers.resource import Resource


def resource(type_: str, name: str, inputs: dict[str, Any]) -> Resource:
    return Resource(f"urn:pulumi:dev::moka::{type_}::{name}", inputs, identifier=name)


def kubernetes(kind: str, name: str, **content: Any) -> Resource:
    whole = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "space"}, **content}
    return resource(f"kubernetes:core/v1:{kind}", name, whole)


def workload(kind: str, name: str, purpose: str, **spec: Any) -> Resource:
    pods = {"nodeSelector": {"moka/workload": purpose}, "containers": []} if purpose else {"containers": []}
    return kubernetes(kind, name, spec={"template": {"metadata": {}, "spec": pods}, **spec})


def group(name: str, purpose: str, ami_type: str, capacity_type: str) -> Resource:
    return resource(
        "aws:eks/nodeGroup:NodeGroup",
        f"{name}-nodes",
        {
            "amiType": ami_type,
            "capacityType": capacity_type,
            "instanceTypes": ["m7g.large"],
            "labels": {"moka/workload": purpose},
            "scalingConfig": {"desiredSize": 3},
        },
    )


def pool(name: str, purpose: str) -> Resource:
    asked = {
        "kubernetes.io/arch": ["arm64", "amd64"],
        "karpenter.sh/capacity-type": ["spot"],
        "node.kubernetes.io/instance-type": ["a.1", "a.2", "a.3", "a.4", "a.5"],
    }
    template = {
        "metadata": {"labels": {"moka/workload": purpose}},
        "spec": {"requirements": [{"key": key, "values": values} for key, values in asked.items()]},
    }
    return kubernetes("NodePool", name, spec={"limits": {"cpu": "1440", "nodes": "30"}, "template": template})


def drawn() -> Picture:
    defaults = "spark.kubernetes.executor.node.selector.moka/workload spark-executor\n"
    made = {"name": "moka-dev", "version": "1.35", "vpcConfig": {"endpointPublicAccess": True}}
    return cluster(
        [
            resource("aws:eks/cluster:Cluster", "cluster", made),
            resource("aws:eks/addon:Addon", "dns", {"addonName": "coredns"}),
            group("system", "system", "AL2023_ARM_64_STANDARD", "ON_DEMAND"),
            group("intel", "spark-executor", "AL2023_x86_64_STANDARD", "SPOT"),
            pool("elastic", "spark-executor"),
            workload("Deployment", "web", "system", replicas=2),
            workload("DaemonSet", "agent", ""),
            kubernetes("ConfigMap", "spark-defaults", data={"spark-defaults.conf": defaults}),
        ]
    )


def lines() -> dict[str, tuple[str, ...]]:
    return {each.title: each.lines for each in boxes_of(drawn().members) if each.title != "space"}


def test_what_runs_stands_on_the_nodes_that_it_selects_and_applications_where_sparks_defaults_say() -> None:
    assert {(each.source, each.target) for each in drawn().arrows} == {
        ("space on system", "system-nodes"),
        ("space on spark-executor", "intel-nodes"),
        ("space on spark-executor", "pool elastic"),
    }
    said = [each.lines for each in boxes_of(drawn().members) if each.title == "space"]
    assert sorted(said) == [("Spark executors of applications",), ("web x 2",)]


def test_nodes_say_how_they_are_bought_their_architecture_size_and_types() -> None:
    assert lines()["system"] == ("On demand, Graviton, fixed: 3 nodes", "m7g.large")
    assert lines()["intel"] == ("Spot, Intel, fixed: 3 nodes", "m7g.large")
    assert lines()["elastic"] == (
        "Spot, Graviton or Intel, up to 30 nodes, 1,440 vCPUs",
        "a.1, a.2, a.3, a.4",
        "a.5",
    )


def test_the_control_plane_says_its_version_tier_and_endpoint() -> None:
    assert lines()["Control plane"] == ("Kubernetes 1.35, tier standard", "API endpoint: private and public")
    assert lines()["1 add-ons"] == ("coredns",)


def test_what_runs_on_every_node_stands_in_a_group_of_its_own() -> None:
    groups = {each.title: each for each in drawn().members if isinstance(each, Group)}
    assert [each.title for each in boxes_of([groups["On every node"]])] == ["agent"]
