"""Address ranges and rules that must fit one another: subnets in their VPC, rules in their security group.

Source: Amazon VPC user guide, "Subnet sizing", "VPC CIDR blocks" and "Amazon VPC quotas".
"""

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_network
from itertools import combinations

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
_FURTHER_BLOCK = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_RULES = {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "ingress",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "egress",
}
# Rules of one direction in one group, unless AWS raised it.
RULES_QUOTA = 60
_SUBNETS = "Amazon VPC user guide, Subnet sizing"
_QUOTAS = "Amazon VPC user guide, Amazon VPC quotas"


def subnets_lie_inside_their_vpc(stack: Stack) -> Iterator[Finding]:
    """Each subnet's range is part of one block of its VPC, further blocks included."""
    for subnet in stack.of(SUBNET):
        vpc, range_ = stack.owner(VPC, subnet, "vpcId"), _range(subnet)
        blocks = [] if vpc is None else [_range(vpc), *(_range(each) for each in _further_blocks(stack, vpc))]
        if range_ is None or not blocks or None in blocks:
            continue
        if not any(range_.subnet_of(block) for block in blocks if block is not None):
            listed = ", ".join(str(block) for block in blocks)
            rule = f"lies in none of the VPC's blocks ({listed})"
            yield subnet.finding("cidrBlock", rule, _SUBNETS, "Choose a range inside, or associate a further block")


def subnets_do_not_overlap(stack: Stack) -> Iterator[Finding]:
    """No two subnets of one VPC share an address."""
    for left, right in combinations(stack.of(SUBNET), 2):
        ours, theirs = _range(left), _range(right)
        if ours is None or theirs is None or not ours.overlaps(theirs):
            continue
        vpc = stack.owner(VPC, left, "vpcId")
        if vpc is not None and vpc is stack.owner(VPC, right, "vpcId"):
            rule = f"overlaps subnet {left.resource.name} ({ours})"
            yield right.finding("cidrBlock", rule, _SUBNETS, "Choose a free range")


def further_blocks_do_not_overlap(stack: Stack) -> Iterator[Finding]:
    """No two blocks of one VPC share an address."""
    for vpc in stack.of(VPC):
        for left, right in combinations([vpc, *_further_blocks(stack, vpc)], 2):
            ours, theirs = _range(left), _range(right)
            if ours is not None and theirs is not None and ours.overlaps(theirs):
                rule = f"overlaps {left.resource.name} ({ours}), another block of the VPC"
                yield right.finding("cidrBlock", rule, "Amazon VPC user guide, VPC CIDR blocks", "Choose a free block")


def a_group_holds_no_more_rules_than_the_quota(stack: Stack) -> Iterator[Finding]:
    """Rules of one direction, written inside the group or beside it."""
    for group in stack.of(GROUP):
        for kind, direction in _RULES.items():
            inside = len(group.items(direction))
            count = inside + sum(stack.owner(GROUP, each, "securityGroupId") is group for each in stack.of(kind))
            if count > RULES_QUOTA:
                rule = f"holds {count} {direction} rules, more than the quota of {RULES_QUOTA}"
                yield group.finding(
                    direction, rule, _QUOTAS, "Merge ranges, use a prefix list, or raise the quota", count
                )


def an_endpoint_has_one_subnet_a_zone(stack: Stack) -> Iterator[Finding]:
    """An interface endpoint takes at most one subnet of each zone."""
    zones = {each.resource.identifier: each.get("availabilityZone") for each in stack.of(SUBNET)}
    for endpoint in stack.of(_ENDPOINT):
        found = [zones.get(each) for each in endpoint.items("subnetIds")]
        twice = sorted({zone for zone in found if zone is not None and found.count(zone) > 1})
        if twice:
            rule = f"names two subnets of zone {', '.join(twice)}"
            fix = "Name one subnet for each zone"
            yield endpoint.finding("subnetIds", rule, "Amazon EC2 API, error DuplicateSubnetsInSameZone", fix)


def _further_blocks(stack: Stack, vpc: Subject) -> list[Subject]:
    return [each for each in stack.of(_FURTHER_BLOCK) if stack.owner(VPC, each, "vpcId") is vpc]


def _range(subject: Subject) -> IPv4Network | None:
    """The resource's address range; None where it is unknown, malformed or IPv6."""
    try:
        range_ = ip_network(subject.get("cidrBlock") or "")
    except ValueError:
        return None
    return range_ if isinstance(range_, IPv4Network) else None


RULES_TOGETHER = (
    subnets_lie_inside_their_vpc,
    subnets_do_not_overlap,
    further_blocks_do_not_overlap,
    a_group_holds_no_more_rules_than_the_quota,
    an_endpoint_has_one_subnet_a_zone,
)
