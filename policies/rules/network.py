"""Rules of the network.

Source: CIS AWS Foundations Benchmark, networking; Amazon EKS best practices guide, "Network security".
"""

from collections.abc import Iterator, Sequence

from policies.resource import Resource, Rule

_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_VPC = "aws:ec2/vpc:Vpc"
_FLOW_LOG = "aws:ec2/flowLog:FlowLog"
_SUBNET = "aws:ec2/subnet:Subnet"


def is_for_somebody(rule: Resource) -> Iterator[str]:
    """No security group is open to everybody."""
    for key in ("cidrIpv4", "cidrIpv6"):
        if rule.get(key) in ("0.0.0.0/0", "::/0"):
            yield f"{key} is {rule.get(key)}: everybody could connect; name the network or the group that does"


def says_what_it_is_for(rule: Resource) -> Iterator[str]:
    """Every rule of a security group says what it is for."""
    if not rule.get("description"):
        yield "description is missing: nobody would dare to remove it one day; say who needs it"


def is_recorded(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Every VPC records who talked to whom."""
    flows = [each for each in resources if each.type == _FLOW_LOG]
    for vpc in resources:
        if vpc.type == _VPC and not any(each.get("trafficType") == "ALL" for each in flows):
            yield vpc, "the VPC has no flow log of all traffic; make one"


def gives_no_public_address(subnet: Resource) -> Iterator[str]:
    """Nodes have no public address."""
    if subnet.get("mapPublicIpOnLaunch") is True:
        yield "mapPublicIpOnLaunch is true: nodes could be reached from the internet; leave it out"


RULES = (
    Rule("groups-are-for-somebody", (45,), "No group is open to everybody", (_INGRESS,), is_for_somebody),
    Rule("rules-say-what-they-are-for", (45,), "Rules are described", (_INGRESS, _EGRESS), says_what_it_is_for),
    Rule("traffic-is-recorded", (46,), "A VPC has a flow log", (_VPC, _FLOW_LOG), together=is_recorded),
    Rule("no-public-addresses", (5,), "Nodes have no public address", (_SUBNET,), gives_no_public_address),
)
