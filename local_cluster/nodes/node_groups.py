"""Keeps the nodes of a cluster in line with the node groups of its account, as Amazon EC2 Auto Scaling does.

A node that a group no longer has is cordoned and drained before it goes, so budgets count here as they do there. Leaves
out how long an instance takes to boot.

Source: Amazon EKS user guide, "Understand each phase of node updates".
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from kubernetes.client.exceptions import ApiException

from local_cluster.kubernetes_api import FIELD_MANAGER, KubernetesApi
from local_cluster.nodes.kind_of_node import is_real
from local_cluster.nodes.node_object import PlannedNode, real_node_as, simulated_node, simulated_status
from local_cluster.nodes.real.site import UNASSIGNED

GROUP_LABEL = "moka.dev/node-group"
# Amazon EKS gives up on a node that can't be drained after fifteen minutes; nobody waits so long at a terminal.
DRAIN_SECONDS = 120.0
_PAUSE_SECONDS = 0.5
_REGISTRATION_SECONDS = 60.0
# Which labels of a real node are there because of what it stands for.
_GIVEN = "moka.dev/labels-given"
_TOO_MANY_REQUESTS, _NOT_FOUND, _CONFLICT = 429, 404, 409
_MERGE = "application/merge-patch+json"


class NodeGroups:
    """The nodes of one cluster.

    Args:
        api: of the cluster.
        report: where it is said what a drain waits for.
    """

    def __init__(self, api: KubernetesApi, report: Callable[[str], None]) -> None:
        self._api, self._report = api, report

    def put(self, group: str, planned: list[PlannedNode], real: Sequence[str] = ()) -> None:
        """Give a node group the nodes that are planned, and take away those that it has beyond them.

        Args:
            group: logical name of the node group.
            planned: its nodes.
            real: names of the real nodes that stand for the first of them; the others are simulated.
        """
        standing = dict(zip(real, planned, strict=False))
        for name, node in standing.items():
            self._stand_for(name, group, node)
        simulated = planned[len(standing) :]
        for node in simulated:
            made = simulated_node(node)
            made["metadata"]["labels"] = made["metadata"]["labels"] | {GROUP_LABEL: group}
            self._register({**made, **simulated_status(node)})
            self._api.apply(made)
            self._api.resource("Node").status.patch(
                name=node.name, body=simulated_status(node), content_type=_MERGE, field_manager=FIELD_MANAGER
            )
        names = {*standing, *(node.name for node in simulated)}
        for found in self._nodes(group):
            if found["metadata"]["name"] not in names:
                self.drain(found["metadata"]["name"])
                self._let_go(found)

    def _register(self, node: dict[str, Any]) -> None:
        """Make a node with its status at once, unless it is there, as a kubelet does.

        KWOK gives a node that has no room yet a thousand CPUs, and may do so over what it is given a moment later.
        """
        try:
            self._api.resource("Node").create(body=node, field_manager=FIELD_MANAGER)
        except ApiException as error:
            if error.status != _CONFLICT:
                raise

    def remove(self, group: str) -> None:
        """Drain and delete every node of a group; its real ones stand for none any more."""
        self.put(group, [])

    def _stand_for(self, name: str, group: str, planned: PlannedNode) -> None:
        """Make a real node one of a group's; its kubelet registers it a few seconds after it starts."""
        deadline = time.monotonic() + _REGISTRATION_SECONDS
        while not (found := self._api.listed("Node", field_selector=f"metadata.name={name}")):
            if time.monotonic() > deadline:
                raise NodeError(f"the kubelet of {name} has not registered its node in {_REGISTRATION_SECONDS:.0f} s")
            time.sleep(_PAUSE_SECONDS)
        labels = dict.fromkeys(_labels_given(found[0])) | real_node_as(planned) | {GROUP_LABEL: group}
        self._patch(name, labels, [dict(each) for each in planned.taints])

    def _let_go(self, node: dict[str, Any]) -> None:
        name = node["metadata"]["name"]
        if is_real(node):
            self._patch(name, dict.fromkeys(_labels_given(node)), [UNASSIGNED])
        else:
            self._api.resource("Node").delete(name=name)

    def _patch(self, node: str, labels: dict[str, str | None], taints: list[dict[str, str]]) -> None:
        given = json.dumps([name for name, value in labels.items() if value is not None])
        body = {
            "metadata": {"labels": labels, "annotations": {_GIVEN: given}},
            "spec": {"taints": taints, "unschedulable": None},
        }
        self._api.resource("Node").patch(name=node, body=body, content_type=_MERGE, field_manager=FIELD_MANAGER)

    def drain(self, node: str) -> None:
        """Cordon a node and evict its pods, as long as budgets allow.

        Raises:
            NodeError: when pods stay; the message names them and what keeps them.
        """
        self._api.resource("Node").patch(name=node, body={"spec": {"unschedulable": True}}, content_type=_MERGE)
        deadline, told = time.monotonic() + DRAIN_SECONDS, ""
        while staying := self._evict(node):
            reasons = "; ".join(f"{pod}: {reason}" for pod, reason in staying.items())
            if time.monotonic() > deadline:
                raise NodeError(f"{node} can't be drained, {DRAIN_SECONDS:.0f} s were not enough. {reasons}")
            if reasons != told and any("budget" in reason for reason in staying.values()):
                told = reasons
                self._report(f"draining {node} waits: {reasons}")
            time.sleep(_PAUSE_SECONDS)

    def _evict(self, node: str) -> dict[str, str]:
        """Ask for the eviction of each pod that can be evicted; returns what is still there, and why."""
        staying = {}
        for pod in self._api.listed("Pod", field_selector=f"spec.nodeName={node}"):
            metadata = pod["metadata"]
            owners = [each["kind"] for each in metadata.get("ownerReferences") or []]
            if "DaemonSet" in owners or pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
                continue
            staying[f"{metadata['namespace']}/{metadata['name']}"] = self._ask_to_go(metadata)
        return staying

    def _ask_to_go(self, metadata: dict[str, Any]) -> str:
        if metadata.get("deletionTimestamp"):
            return "is ending"
        eviction = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
        }
        try:
            self._api.resource("Pod").eviction.create(
                name=metadata["name"], namespace=metadata["namespace"], body=eviction
            )
        except ApiException as error:
            if error.status == _TOO_MANY_REQUESTS:
                return "a disruption budget does not allow its eviction"
            if error.status != _NOT_FOUND:
                raise
        return "is ending"

    def _nodes(self, group: str) -> list[dict[str, Any]]:
        return self._api.listed("Node", label_selector=f"{GROUP_LABEL}={group}")


class NodeError(Exception):
    """A node does not become what it should: pods stay on it, or it never registers."""


def _labels_given(node: dict[str, Any]) -> list[str]:
    return json.loads((node["metadata"].get("annotations") or {}).get(_GIVEN, "[]"))
