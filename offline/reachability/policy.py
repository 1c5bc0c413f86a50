"""Network policies, read strictly: a field that is not read here is an error, as is a value that is not known.

Source: Kubernetes API reference, NetworkPolicy of networking.k8s.io/v1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from offline.checks.kubernetes.objects import KubernetesObject, mapping
from offline.providers.values import Properties, has_unknown
from offline.reachability.errors import ReachabilityError
from offline.reachability.ports import LAST, PROTOCOLS

# Says on a policy why it leaves open what it leaves open.
REASON = "moka/reason"
INGRESS, EGRESS = "Ingress", "Egress"


@dataclass(frozen=True)
class Block:
    """A range of addresses and what of it is not meant.

    Args:
        cidr: the range.
        excepted: ranges inside it.
    """

    cidr: IPv4Network | IPv6Network
    excepted: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True)
class Peer:
    """Whom a rule lets connect: pods by their labels, or a range of addresses.

    Args:
        namespaces: selector of their namespaces; None for the policy's own.
        pods: selector of the pods; empty for all.
        block: the range, without selectors then.
    """

    namespaces: Properties | None
    pods: Properties
    block: Block | None


@dataclass(frozen=True)
class PolicyPort:
    """The ports of one entry.

    Args:
        protocol: TCP, UDP or SCTP.
        first: number or name; None for every port of the protocol.
        last: the last number of a range.
    """

    protocol: str
    first: int | str | None
    last: int


@dataclass(frozen=True)
class PolicyRule:
    """Who may connect, and to which ports; None is everybody, or every port."""

    peers: tuple[Peer, ...] | None
    ports: tuple[PolicyPort, ...] | None


@dataclass(frozen=True)
class Policy:
    """One network policy.

    Args:
        namespace: whose pods it selects.
        name: the policy's own.
        selector: of these pods.
        rules: direction to rules; a direction that is not there is not the policy's affair.
        reason: why it leaves open what it does; empty where it does not say.
    """

    namespace: str
    name: str
    selector: Properties
    rules: Mapping[str, tuple[PolicyRule, ...]]
    reason: str = ""

    @property
    def title(self) -> str:
        """Namespace and name."""
        return f"{self.namespace}/{self.name}"

    def blocks(self) -> Iterator[Block]:
        """Every range that a rule names."""
        for rules in self.rules.values():
            yield from (peer.block for rule in rules for peer in rule.peers or () if peer.block)


def policies_among(objects: Iterable[KubernetesObject]) -> list[Policy]:
    """The network policies among objects, by namespace and name.

    Raises:
        ReachabilityError: naming a policy's field that is not read here.
    """
    found = [policy_of(each) for each in objects if each.kind == "NetworkPolicy"]
    return sorted(found, key=lambda policy: policy.title)


def policy_of(found: KubernetesObject) -> Policy:
    """An object as a policy."""
    where = f"NetworkPolicy {found.namespace}/{found.name}"
    metadata = mapping(found.content.get("metadata"))
    if has_unknown(found.spec) or has_unknown([metadata.get("name"), metadata.get("namespace")]):
        raise ReachabilityError(f"{where} holds a value that is not known before it is made: {found.spec}")
    spec = _fields(found.spec, f"{where} spec", "podSelector", "policyTypes", "ingress", "egress")
    types = spec.get("policyTypes") or [INGRESS, *([EGRESS] if spec.get("egress") else [])]
    if wrong := set(types) - {INGRESS, EGRESS}:
        raise ReachabilityError(f"{where} spec.policyTypes holds {sorted(wrong)}: Ingress and Egress are all there is")
    rules = {
        direction: tuple(
            _rule(each, f"{where} spec.{direction.lower()}[{number}]", peers)
            for number, each in enumerate(spec.get(direction.lower()) or [])
        )
        for direction, peers in ((INGRESS, "from"), (EGRESS, "to"))
        if direction in types
    }
    reason = str(mapping(metadata.get("annotations")).get(REASON, ""))
    return Policy(found.namespace, found.name, mapping(spec.get("podSelector")), rules, reason)


def _rule(content: Any, where: str, peers: str) -> PolicyRule:
    rule = _fields(content, where, peers, "ports")
    listed = [_peer(each, f"{where}.{peers}[{number}]") for number, each in enumerate(rule.get(peers) or [])]
    named = [_port(each, f"{where}.ports[{number}]") for number, each in enumerate(rule.get("ports") or [])]
    # An empty list means the same as none: everybody, every port.
    return PolicyRule(tuple(listed) or None, tuple(named) or None)


def _peer(content: Any, where: str) -> Peer:
    peer = _fields(content, where, "namespaceSelector", "podSelector", "ipBlock")
    if (given := peer.get("ipBlock")) is None:
        if not peer:
            raise ReachabilityError(f"{where} names nobody: give namespaceSelector, podSelector or ipBlock")
        namespaces = peer.get("namespaceSelector")
        return Peer(None if namespaces is None else mapping(namespaces), mapping(peer.get("podSelector")), None)
    if len(peer) > 1:
        raise ReachabilityError(f"{where} has an ipBlock and a selector, which exclude each other: make two peers")
    block = _fields(given, f"{where}.ipBlock", "cidr", "except")
    return Peer(None, {}, Block(ip_network(block["cidr"]), tuple(map(ip_network, block.get("except") or []))))


def _port(content: Any, where: str) -> PolicyPort:
    entry = _fields(content, where, "protocol", "port", "endPort")
    protocol, first, last = entry.get("protocol") or "TCP", entry.get("port"), entry.get("endPort")
    if protocol not in PROTOCOLS:
        raise ReachabilityError(f"{where}.protocol is {protocol}: TCP, UDP and SCTP are all there is")
    if last is not None and not isinstance(first, int):
        raise ReachabilityError(f"{where}.endPort needs a number as port, which is {first!r}")
    end = last if last is not None else first if isinstance(first, int) else LAST
    return PolicyPort(protocol, first, int(end))


def _fields(content: Any, where: str, *known: str) -> Properties:
    found = mapping(content)
    if unread := sorted(found.keys() - set(known)):
        raise ReachabilityError(f"{where} has {', '.join(unread)}, which is not read here: teach offline/reachability")
    return found
