"""Every pair of endpoints of a stack, and what may be opened between them, by which rules."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from offline.checks.kubernetes.addon_pods import ADDON
from offline.checks.kubernetes.objects import at
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource
from offline.reachability import metadata, network_policies, security_groups
from offline.reachability.addresses import lies_in, pieces
from offline.reachability.endpoint import Endpoint
from offline.reachability.network_policies import Enforcement
from offline.reachability.opening import Opener, Opening, closed, intersection, union
from offline.reachability.places import METADATA, OUTSIDE, Places
from offline.reachability.pods import PodNetwork, pod_endpoints
from offline.reachability.policy import EGRESS, INGRESS, Policy, policies_among
from offline.reachability.ports import EVERY_PORT, NO_PORT, Ports
from offline.reachability.security_groups import GroupRule, rules_among

# Names of layers.
EGRESS_POLICIES, INGRESS_POLICIES = "egress policies", "ingress policies"
EGRESS_GROUPS, INGRESS_GROUPS = "egress of security groups", "ingress of security groups"
METADATA_OPTIONS = "metadata options"


@dataclass(frozen=True)
class Layer:
    """One kind of rule that stands between two endpoints.

    Args:
        name: of the kind.
        opening: what it lets through.
    """

    name: str
    opening: Opening


@dataclass(frozen=True)
class Verdict:
    """What one endpoint may open to another.

    Args:
        source: who connects.
        target: to whom.
        layers: what stands between them.
    """

    source: Endpoint
    target: Endpoint
    layers: tuple[Layer, ...]

    @property
    def possible(self) -> Ports:
        """Ports that may be open for some pods, labels and addresses of the two."""
        return intersection([self.target.listens, *(each.opening.possible for each in self.layers)])

    @property
    def certain(self) -> Ports:
        """Ports that are open for all of them."""
        return intersection([self.target.listens, *(each.opening.certain for each in self.layers)])

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that let it through."""
        return tuple(dict.fromkeys(rule for each in self.layers for rule in self.rules_of(each)))

    def rules_of(self, layer: Layer) -> tuple[str, ...]:
        """The rules of one layer that open ports which nothing else closes."""
        return tuple(each.name for each in layer.opening.openers if each.ports & self.possible)

    @property
    def closed_by(self) -> tuple[str, ...]:
        """The kinds of rules of which each alone would keep it closed."""
        return tuple(each.name for each in self.layers if not each.opening.possible & self.target.listens)


@dataclass(frozen=True)
class Matrix:
    """All verdicts of a stack.

    Args:
        policies: its network policies.
        enforcement: how they are carried out.
        group_rules: its rules of security groups.
        metadata: what options of its nodes let pods ask of instance metadata.
        endpoints: rows and columns.
    """

    policies: Sequence[Policy]
    enforcement: Enforcement
    group_rules: Sequence[GroupRule]
    metadata: Opening
    endpoints: Sequence[Endpoint]

    def wide_rules(self) -> dict[str, str]:
        """Each policy and security group rule that names addresses outside of the VPC, with the reason it gives."""
        outside = self.endpoint(OUTSIDE).networks

        def is_wide(network: object) -> bool:
            return isinstance(network, IPv4Network) and any(network.overlaps(each) for each in outside)

        policies = {each.title: each.reason for each in self.policies if any(is_wide(it.cidr) for it in each.blocks())}
        return policies | {each.name: each.reason for each in self.group_rules if is_wide(each.network)}

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of a name.

        Raises:
            KeyError: when no endpoint has it.
        """
        return {each.name: each for each in self.endpoints}[name]

    def verdicts(self) -> Iterator[Verdict]:
        """Every pair, by source."""
        for source in self.endpoints:
            if source.opens:
                yield from (self.verdict(source, target) for target in self.endpoints if _concerns(source, target))

    def between(self, source: str, target: str) -> Verdict:
        """The verdict of two names."""
        return self.verdict(self.endpoint(source), self.endpoint(target))

    def verdict(self, source: Endpoint, target: Endpoint) -> Verdict:
        """What one may open to the other."""
        return Verdict(source, target, tuple(self._layers(source, target)))

    def _layers(self, source: Endpoint, target: Endpoint) -> Iterator[Layer]:
        for name, direction in ((EGRESS_POLICIES, EGRESS), (INGRESS_POLICIES, INGRESS)):
            opening = network_policies.opening(self.policies, self.enforcement, direction, source, target)
            yield Layer(name, opening)
        if not target.is_link_local:
            yield from self._groups(source, target)
        elif not source.is_in_cluster:
            yield Layer("link-local address", closed())
        elif target.name == METADATA and source.is_pods:
            yield Layer(METADATA_OPTIONS, self.metadata)
        if target.admits is not None:
            yield Layer("the service's own list", _admitted(source, target.admits))

    def _groups(self, source: Endpoint, target: Endpoint) -> Iterator[Layer]:
        for name, direction in ((EGRESS_GROUPS, EGRESS), (INGRESS_GROUPS, INGRESS)):
            opening = security_groups.opening(self.group_rules, direction, source, target)
            # Between pods of one node there is no security group, so it keeps nothing closed for certain.
            possible = EVERY_PORT if source.is_pods and target.is_pods else opening.possible
            yield Layer(name, replace(opening, possible=possible))


def matrix_of(resources: Sequence[Resource]) -> Matrix:
    """The matrix of a stack.

    Args:
        resources: everything that it has, with ids and with what releases bring.

    Raises:
        ReachabilityError: for a rule of a form that is not read here.
    """
    stack, places = Stack(resources), Places(resources)
    network = PodNetwork(places.pod_networks, places.node_groups)
    return Matrix(
        policies_among(stack.objects),
        _enforcement(resources),
        rules_among(resources),
        metadata.opening(resources),
        [*pod_endpoints(stack, network, places.dns_address), *places.endpoints()],
    )


def _enforcement(resources: Sequence[Resource]) -> Enforcement:
    """The settings of the VPC CNI's add-on; without any, policies are not carried out."""
    for each in resources:
        inputs = each.plain_inputs
        if each.type == ADDON and inputs.get("addonName") == "vpc-cni":
            settings = json.loads(inputs.get("configurationValues") or "{}")
            mode = at(settings, "env.NETWORK_POLICY_ENFORCING_MODE")
            return Enforcement(settings.get("enableNetworkPolicy") == "true", mode == "strict")
    return Enforcement(is_on=False)


def _admitted(source: Endpoint, listed: Sequence[IPv4Network]) -> Opening:
    found = [EVERY_PORT if lies_in(piece, listed) else NO_PORT for piece in pieces(source.networks, listed)]
    return Opening(union(found), intersection(found), tuple(Opener(str(each), EVERY_PORT) for each in listed))


def _concerns(source: Endpoint, target: Endpoint) -> bool:
    """Whether the stack has a say in it: what is outside reaches what is outside as it likes."""
    return source.name != OUTSIDE or target.admits is not None or bool(target.groups or target.pods)
