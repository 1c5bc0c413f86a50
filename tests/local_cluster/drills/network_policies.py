"""Whether network policies let one pod of a cluster reach another: nothing enforces them on its real nodes.

Objects are as the API server lists them; `offline.reachability` reads the policies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from offline.checks.kubernetes.objects import KubernetesObject
from offline.providers.resource import Resource
from offline.reachability.endpoint import Endpoint, Pods
from offline.reachability.network_policies import Enforcement, opening
from offline.reachability.policy import EGRESS, INGRESS, policy_of
from offline.reachability.ports import NO_PORT, Ports, ports
from offline.reachability.selection import Labels

Object = dict[str, Any]

_TYPE = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
# Of a pod that has none yet: a documentation address, which no rule means.
_NO_ADDRESS = "192.0.2.1"


@dataclass(frozen=True)
class Connection:
    """One pod that connects to a port of another.

    Args:
        source: the pod that connects.
        target: the pod that listens.
        port: where.
    """

    source: Object
    target: Object
    port: int


def refusals(policies: Sequence[Object], namespaces: Sequence[Object], wanted: Connection) -> list[str]:
    """Which sides refuse a connection."""
    labels_of = {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in namespaces}
    read = [policy_of(_policy(each)) for each in policies]
    source, target = (_endpoint(each, labels_of) for each in (wanted.source, wanted.target))
    sides = ((EGRESS, source), (INGRESS, target))
    return [
        f"{direction.lower()} of {own.name}"
        for direction, own in sides
        if not opening(read, Enforcement(), direction, source, target).certain.has("TCP", wanted.port)
    ]


def _policy(listed: Object) -> KubernetesObject:
    content = {"apiVersion": "networking.k8s.io/v1", **listed, "kind": "NetworkPolicy"}
    return KubernetesObject(Resource(f"urn:pulumi:a::b::{_TYPE}::{listed['metadata']['name']}", content), content)


def _endpoint(pod: Object, labels_of: dict[str, Object]) -> Endpoint:
    metadata = pod["metadata"]
    namespace = metadata["namespace"]
    address = (pod.get("status") or {}).get("podIP") or _NO_ADDRESS
    labels, of_namespace = Labels(metadata.get("labels") or {}), Labels(labels_of[namespace])
    pods = Pods(namespace, labels, of_namespace, dict(_named(pod)))
    return Endpoint(f"{namespace}/{metadata['name']}", (IPv4Network(address),), pods)


def _named(pod: Object) -> Iterator[tuple[str, Ports]]:
    found: dict[str, Ports] = {}
    for container in pod["spec"]["containers"]:
        for each in container.get("ports") or []:
            if "name" in each:
                number, protocol = each["containerPort"], each.get("protocol", "TCP")
                found[each["name"]] = found.get(each["name"], NO_PORT) | ports([(protocol, number, number)])
    yield from found.items()
