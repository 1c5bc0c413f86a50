"""What security groups let through between network interfaces.

A pod has no interface of its own: it has its node's groups. Rules add up, both sides must let a connection through, and
replies need no rule. Domain names, time and metadata at a node's link-local addresses are not filtered.

Leaves out IPv6 and the group that EKS makes for itself, which no node of these stacks has and which lets the control
plane out.

Sources: Amazon VPC user guide, "Control traffic to your AWS resources using security groups"; Amazon EKS user guide,
"View Amazon EKS security group requirements for clusters".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from offline.providers.resource import Resource
from offline.providers.values import Properties
from offline.reachability.addresses import lies_in, pieces
from offline.reachability.endpoint import Endpoint
from offline.reachability.errors import ReachabilityError
from offline.reachability.opening import Opener, Opening, free, intersection, union
from offline.reachability.policy import EGRESS, INGRESS
from offline.reachability.ports import EVERY_PORT, FIRST, LAST, NO_PORT, Ports, ports

GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULES = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": INGRESS,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": EGRESS,
}
_OTHER_RULES = ("aws:ec2/securityGroupRule:SecurityGroupRule",)
_READ = {"cidrIpv4", "description", "fromPort", "ipProtocol", "referencedSecurityGroupId", "region", "securityGroupId"}
_PASSED_OVER = {"tags", "tagsAll", "toPort", "__defaults"}
# IANA's numbers, which AWS takes for names.
_PROTOCOLS = {"tcp": "TCP", "6": "TCP", "udp": "UDP", "17": "UDP", "sctp": "SCTP", "132": "SCTP"}


@dataclass(frozen=True)
class GroupRule:
    """One rule of a security group.

    Args:
        name: logical name.
        group: id of the group.
        direction: Ingress or Egress.
        ports: what it lets through.
        network: from or to where, or None.
        other_group: id of the group from or to whose interfaces, or empty.
        reason: its description.
    """

    name: str
    group: str
    direction: str
    ports: Ports
    network: IPv4Network | None
    other_group: str
    reason: str


def rules_among(resources: Iterable[Resource]) -> list[GroupRule]:
    """The rules among resources.

    Raises:
        ReachabilityError: for a rule of a form that is not read here.
    """
    found: list[GroupRule] = []
    for each in resources:
        inputs = each.plain_inputs
        if each.type in _OTHER_RULES or (each.type == GROUP and (inputs.get("ingress") or inputs.get("egress"))):
            raise ReachabilityError(f"{each.name} holds rules that are not resources of their own: make them so")
        if each.type in _RULES:
            found.append(_rule(each.name, _RULES[each.type], inputs))
    return sorted(found, key=lambda rule: rule.name)


def opening(rules: Sequence[GroupRule], direction: str, source: Endpoint, target: Endpoint) -> Opening:
    """What the security groups of one side let through; see `network_policies.opening` for the arguments."""
    own, other = (source, target) if direction == EGRESS else (target, source)
    if not own.groups:
        return free("")
    asked = [each for each in rules if each.group in own.groups and each.direction == direction]
    at = pieces(other.networks, [each.network for each in asked if each.network])
    each_piece = [union(rule.ports for rule in asked if _is_meant(rule, other, piece)) for piece in at]
    opened = [each for each in asked if any(_is_meant(each, other, piece) for piece in at)]
    openers = tuple(Opener(each.name, each.ports) for each in opened)
    return Opening(union(each_piece), intersection(each_piece), openers)


def _is_meant(rule: GroupRule, other: Endpoint, piece: IPv4Network) -> bool:
    return rule.other_group in other.groups or (rule.network is not None and lies_in(piece, [rule.network]))


def _rule(name: str, direction: str, inputs: Properties) -> GroupRule:
    if unread := sorted(inputs.keys() - _READ - _PASSED_OVER):
        raise ReachabilityError(f"security group rule {name} has {', '.join(unread)}, which is not read here")
    network = inputs.get("cidrIpv4")
    return GroupRule(
        name,
        str(inputs["securityGroupId"]),
        direction,
        _ports(inputs),
        IPv4Network(network) if network else None,
        str(inputs.get("referencedSecurityGroupId") or ""),
        str(inputs.get("description") or ""),
    )


def _ports(inputs: Properties) -> Ports:
    protocol: Any = str(inputs.get("ipProtocol")).lower()
    if protocol == "-1":
        return EVERY_PORT
    if protocol not in _PROTOCOLS:
        return NO_PORT
    first, last = inputs.get("fromPort"), inputs.get("toPort")
    if first in (None, -1) or last in (None, -1):
        return ports([(_PROTOCOLS[protocol], FIRST, LAST)])
    return ports([(_PROTOCOLS[protocol], max(int(str(first)), FIRST), int(str(last)))])
