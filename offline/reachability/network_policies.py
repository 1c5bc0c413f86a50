"""What network policies let through, as Kubernetes defines it and the Amazon VPC CNI carries it out.

Policies add up: what no policy selects in a direction is free in it, and what one selects needs a rule of some policy.
Both sides must let a connection through. In the VPC CNI's mode `standard` a new pod is free until its policies are
carried out, a moment after its start; in `strict` a pod is closed from its start, and a direction that no policy
selects stays closed. Pods on their node's network are not bound.

Leaves out a pod's own node: the CNI lets it through both ways whatever policies say, for the kubelet's probes.

Sources: Kubernetes documentation, "Network Policies"; Amazon EKS user guide, "Restrict Pod network traffic with
Kubernetes network policies", NETWORK_POLICY_ENFORCING_MODE; aws/aws-network-policy-agent,
ComputeMapEntriesFromEndpointRules, for the own node; aws/amazon-network-policy-controller-k8s,
pkg/resolvers/endpoints.go, for service addresses and named ports towards address ranges, which are passed over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from offline.reachability.addresses import pieces
from offline.reachability.endpoint import Endpoint, Pods
from offline.reachability.opening import Opener, Opening, closed, free, intersection, union
from offline.reachability.policy import EGRESS, Policy, PolicyPort, PolicyRule
from offline.reachability.ports import EVERY_PORT, FIRST, LAST, NO_PORT, Ports, ports
from offline.reachability.selection import Match, match


@dataclass(frozen=True)
class Enforcement:
    """How the cluster's network carries policies out.

    Args:
        is_on: whether it does at all.
        is_strict: whether a pod is closed where no policy selects it.
    """

    is_on: bool = True
    is_strict: bool = False


def opening(
    policies: Sequence[Policy], enforcement: Enforcement, direction: str, source: Endpoint, target: Endpoint
) -> Opening:
    """What the policies of one side let through.

    Args:
        policies: all of the cluster.
        enforcement: how they are carried out.
        direction: Egress asks the source's policies, Ingress the target's.
        source: who opens the connection.
        target: to whom.
    """
    own, other = (source, target) if direction == EGRESS else (target, source)
    if own.pods is None:
        return free("")
    if not enforcement.is_on:
        return free("network policies are not enforced")
    selecting = [(each, found) for each in policies if (found := _selects(each, own.pods, direction))]
    if not selecting:
        return closed() if enforcement.is_strict else free(f"no policy on {direction.lower()}")
    borders = [
        block
        for policy, _ in selecting
        for each in policy.blocks()
        for block in (each.cidr, *each.excepted)
        if isinstance(block, IPv4Network)
    ]
    # A service address stands for its pods where they are called, and never calls.
    addresses = (*other.networks, *other.service_networks) if direction == EGRESS else other.networks
    at = pieces(addresses, borders)
    asked = _Question(selecting, direction, own, other, target, enforcement.is_strict)
    possible, certain = union(map(asked.possible, at)), intersection(map(asked.certain, at))
    opened = [Opener(each.title, union(asked.opened_by(each, piece) for piece in at)) for each, _ in selecting]
    if all(selected != Match.YES for _, selected in selecting) and not enforcement.is_strict:
        opened.append(Opener(f"maybe no policy on {direction.lower()}", EVERY_PORT))
    return Opening(possible, certain, tuple(opened))


def _selects(policy: Policy, pods: Pods, direction: str) -> Match:
    if policy.namespace != pods.namespace or direction not in policy.rules:
        return Match.NO
    return match(policy.selector, pods.labels)


@dataclass(frozen=True)
class _Question:
    """One direction of one pair: every selecting policy with how sure its selection is."""

    selecting: Sequence[tuple[Policy, Match]]
    direction: str
    own: Endpoint
    other: Endpoint
    target: Endpoint
    is_strict: bool

    def opened_by(self, policy: Policy, piece: IPv4Network) -> Ports:
        return union(
            self._ports(rule, surely=False) for rule in policy.rules[self.direction] if self._meant(rule, piece)
        )

    def possible(self, piece: IPv4Network) -> Ports:
        # Where no selection is sure, there may be none, which leaves all free.
        if all(selected != Match.YES for _, selected in self.selecting) and not self.is_strict:
            return EVERY_PORT
        return union(self.opened_by(each, piece) for each, _ in self.selecting)

    def certain(self, piece: IPv4Network) -> Ports:
        sure = [self._surely(each, piece) for each, selected in self.selecting if selected == Match.YES]
        if sure or self.is_strict:
            return union(sure)
        return intersection(self._surely(each, piece) for each, _ in self.selecting)

    def _surely(self, policy: Policy, piece: IPv4Network) -> Ports:
        return union(
            self._ports(rule, surely=True)
            for rule in policy.rules[self.direction]
            if self._meant(rule, piece) == Match.YES
        )

    def _meant(self, rule: PolicyRule, piece: IPv4Network) -> Match:
        return Match.YES if rule.peers is None else max(self._peers(rule, piece), default=Match.NO)

    def _peers(self, rule: PolicyRule, piece: IPv4Network) -> Iterator[Match]:
        for peer in rule.peers or ():
            if peer.block is not None:
                is_in = _lies_in(piece, peer.block.cidr) and not any(
                    _lies_in(piece, each) for each in peer.block.excepted
                )
                yield Match.YES if is_in else Match.NO
            elif self.other.pods is not None and self.own.pods is not None:
                pods = self.other.pods
                is_own = Match.YES if pods.namespace == self.own.pods.namespace else Match.NO
                namespace = is_own if peer.namespaces is None else match(peer.namespaces, pods.namespace_labels)
                yield min(namespace, match(peer.pods, pods.labels))

    def _ports(self, rule: PolicyRule, *, surely: bool) -> Ports:
        return EVERY_PORT if rule.ports is None else union(self._port(each, surely) for each in rule.ports)

    def _port(self, port: PolicyPort, surely: bool) -> Ports:
        every = ports([(port.protocol, FIRST, LAST)])
        if port.first is None:
            return every
        if isinstance(port.first, int):
            return ports([(port.protocol, port.first, port.last)])
        # The name is the target's, and an address has none.
        if self.target.pods is None:
            return NO_PORT
        if self.target.pods.named_ports is None:
            return NO_PORT if surely else every
        return self.target.pods.named_ports.get(port.first, NO_PORT) & every


def _lies_in(piece: IPv4Network, block: object) -> bool:
    return isinstance(block, IPv4Network) and piece.subnet_of(block)
