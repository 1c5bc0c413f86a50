"""Nodes are lost and drained: the platform's pods find another place, and budgets let them go."""

from collections.abc import Iterator

import pytest

from local_cluster.nodes import node_groups
from local_cluster.nodes.node_groups import GROUP_LABEL, NodeError, NodeGroups
from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.running_stack import RunningStack, wait_until

pytestmark = pytest.mark.cluster

MERGE = "application/merge-patch+json"


@pytest.fixture(params=[pytest.param(each, marks=on(each)) for each in ("dev", "production")])
def up(request: pytest.FixtureRequest, running: RunningStacks) -> Iterator[RunningStack]:
    """A stack with one zone's worth of spare room, and one that is highly available."""
    stack = running[request.param]
    stack.converges()
    yield stack
    for node in stack.listed("Node"):
        if node["spec"].get("unschedulable"):
            stack.cluster.api.resource("Node").patch(
                name=node["metadata"]["name"], body={"spec": {"unschedulable": None}}, content_type=MERGE
            )
    stack.converges()


def system_nodes(stack: RunningStack) -> list[str]:
    """Names of the nodes that the platform's pods run on."""
    nodes = stack.listed("Node")
    return [each["metadata"]["name"] for each in nodes if "system" in each["metadata"]["labels"][GROUP_LABEL]]


def test_every_pod_of_the_platform_has_room_with_a_system_node_gone(up: RunningStack) -> None:
    lost = system_nodes(up)[0]
    zone = next(
        each["metadata"]["labels"]["topology.kubernetes.io/zone"]
        for each in up.listed("Node")
        if each["metadata"]["name"] == lost
    )
    others = [each for each in system_nodes(up) if each != lost]
    # A volume waits for a node of its zone, which a zone with a single system node does not have.
    tied = [] if others_in_zone(up, others, zone) else claims_in(up, zone)
    up.cluster.api.resource("Node").patch(name=lost, body={"spec": {"unschedulable": True}}, content_type=MERGE)
    for pod in up.listed("Pod", field_selector=f"spec.nodeName={lost}"):
        up.cluster.api.resource("Pod").delete(
            name=pod["metadata"]["name"], namespace=pod["metadata"]["namespace"], grace_period_seconds=0
        )
    # The pod of a StatefulSet has its name, and a number.
    waiting = {name for pod in tied for name in (pod, pod.rpartition("-")[0])}

    def left() -> list[str]:
        return [each for each in up.incomplete() if each.partition("/")[2].partition(":")[0] not in waiting]

    wait_until(lambda: not left(), left)


def others_in_zone(stack: RunningStack, names: list[str], zone: str) -> bool:
    """Whether one of some nodes stands in a zone."""
    nodes = {each["metadata"]["name"]: each["metadata"]["labels"] for each in stack.listed("Node")}
    return any(nodes[name]["topology.kubernetes.io/zone"] == zone for name in names)


def claims_in(stack: RunningStack, zone: str) -> list[str]:
    """Names of the pods whose volumes lie in a zone."""
    lying = set()
    for volume in stack.listed("PersistentVolume"):
        if zone in str(volume["spec"].get("nodeAffinity")):
            lying.add(volume["spec"]["claimRef"]["name"])
    return [
        pod["metadata"]["name"]
        for pod in stack.listed("Pod")
        for each in pod["spec"].get("volumes") or []
        if (each.get("persistentVolumeClaim") or {}).get("claimName") in lying
    ]


def test_a_drain_of_every_node_in_turn_ends_with_the_pods_elsewhere(up: RunningStack) -> None:
    groups = NodeGroups(up.cluster.api, print)
    for node in [each["metadata"]["name"] for each in up.listed("Node")]:
        moves = owners_on(up, node) != {"DaemonSet"}
        groups.drain(node)
        assert owners_on(up, node) <= {"DaemonSet"}
        up.cluster.api.resource("Node").patch(name=node, body={"spec": {"unschedulable": False}}, content_type=MERGE)
        if moves:
            up.converges()


def owners_on(stack: RunningStack, node: str) -> set[str]:
    """Kinds of what owns the pods that run on a node."""
    running = stack.listed("Pod", field_selector=f"spec.nodeName={node},status.phase=Running")
    return {each["metadata"]["ownerReferences"][0]["kind"] for each in running}


def test_a_budget_that_allows_nothing_keeps_a_node_and_is_named(
    up: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_groups, "DRAIN_SECONDS", 3.0)
    # A pod of two budgets can't be evicted at all, so it is one that the stack gives none.
    labels = {"app.kubernetes.io/name": "kubernetes-events"}
    (pod,) = [
        each for each in up.listed("Pod", namespace="logging") if labels.items() <= each["metadata"]["labels"].items()
    ]
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "never", "namespace": "logging"},
        "spec": {"maxUnavailable": 0, "selector": {"matchLabels": labels}},
    }
    up.cluster.api.apply(budget)
    try:
        with pytest.raises(NodeError) as refused:
            NodeGroups(up.cluster.api, print).drain(pod["spec"]["nodeName"])
    finally:
        up.cluster.api.resource("PodDisruptionBudget", "policy/v1").delete(name="never", namespace="logging")
    told = f"logging/{pod['metadata']['name']}: a disruption budget does not allow its eviction"
    assert told in str(refused.value)
