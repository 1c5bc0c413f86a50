"""Whether network policies let one pod reach another: nothing enforces them on the real nodes of a local cluster.

Source: Kubernetes documentation, "Network Policies". Leaves out address ranges: what is asked about are pods.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from offline.checks.kubernetes.labels import selects

Object = dict[str, Any]


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
    found = []
    for direction, own, other in (
        ("Egress", wanted.source, wanted.target),
        ("Ingress", wanted.target, wanted.source),
    ):
        key, peers = ("egress", "to") if direction == "Egress" else ("ingress", "from")
        selecting = _of(policies, own, direction)
        rules = [rule for policy in selecting for rule in policy["spec"].get(key) or []]
        is_let = any(
            _port_matches(rule.get("ports"), wanted) and _peer_matches(rule.get(peers), namespaces, own, other)
            for rule in rules
        )
        if selecting and not is_let:
            found.append(f"{direction.lower()} of {_name(own)}")
    return found


def _of(policies: Iterable[Object], pod: Object, direction: str) -> list[Object]:
    return [
        each
        for each in policies
        if each["metadata"]["namespace"] == pod["metadata"]["namespace"]
        and direction in (each["spec"].get("policyTypes") or ["Ingress"])
        and selects(each["spec"].get("podSelector") or {}, _labels(pod))
    ]


def _port_matches(ports: Any, connection: Connection) -> bool:
    named = {
        each.get("name"): each["containerPort"]
        for container in connection.target["spec"]["containers"]
        for each in container.get("ports") or []
    }
    for each in ports or []:
        wanted = each.get("port")
        # A name that the target does not have is no port of it.
        first = named.get(wanted) if isinstance(wanted, str) else wanted
        if wanted is None or (first is not None and first <= connection.port <= each.get("endPort", first)):
            return True
    return not ports


def _peer_matches(peers: Any, namespaces: Sequence[Object], own: Object, other: Object) -> bool:
    labels_of = {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in namespaces}
    for peer in peers or []:
        if "ipBlock" in peer:
            continue
        in_namespace = (
            selects(peer["namespaceSelector"], labels_of[other["metadata"]["namespace"]])
            if "namespaceSelector" in peer
            else own["metadata"]["namespace"] == other["metadata"]["namespace"]
        )
        if in_namespace and selects(peer.get("podSelector") or {}, _labels(other)):
            return True
    return not peers


def _labels(pod: Object) -> Object:
    return pod["metadata"].get("labels") or {}


def _name(pod: Object) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
