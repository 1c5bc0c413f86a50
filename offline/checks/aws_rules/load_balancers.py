"""What Elastic Load Balancing refuses, and what it takes and then never finds a healthy target for.

Leaves out load balancers of other kinds than Application Load Balancers.

Source: Elastic Load Balancing API reference, CreateLoadBalancer, CreateListener and CreateTargetGroup; user guide for
Application Load Balancers, "Subnets for your load balancer", "Security groups" and "Update health check settings".
"""

import re
from collections.abc import Iterator

from offline.checks.aws_rules.addresses import SUBNET
from offline.checks.aws_rules.reach import INGRESS, admits, groups_of_nodes
from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
LISTENER = "aws:lb/listener:Listener"
TARGETS = "aws:lb/targetGroup:TargetGroup"
ATTACHMENT = "aws:autoscaling/attachment:Attachment"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_CREATE = "Elastic Load Balancing API, CreateLoadBalancer"
_CREATE_LISTENER = "Elastic Load Balancing API, CreateListener"
_CREATE_TARGETS = "Elastic Load Balancing API, CreateTargetGroup"
_REACH = "Elastic Load Balancing user guide, Security groups for your Application Load Balancer"
_FEWEST_ZONES = 2
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
_RESERVED = "internal-"
# Elastic Load Balancing API, CreateTargetGroup: defaults for instances and HTTP.
_INTERVAL, _TIMEOUT = 30, 5


def a_name_is_one_that_aws_takes(subject: Subject) -> Iterator[Finding]:
    """Letters, digits and hyphens; AWS puts a word before the host names of internal load balancers itself."""
    name = str(subject.get("name") or "")
    source = _CREATE if subject.type == BALANCER else _CREATE_TARGETS
    if name and not _NAME.fullmatch(name):
        rule = "must be at most 32 letters, digits and hyphens, with no hyphen at either end"
        yield subject.finding("name", rule, source, "Choose another name, or leave it to Pulumi")
    if subject.type == BALANCER and name.startswith(_RESERVED):
        yield subject.finding("name", f"must not begin with {_RESERVED}", source, "Choose another name")


def a_listener_has_the_certificate_of_its_protocol(listener: Subject) -> Iterator[Finding]:
    """HTTPS presents a certificate of the load balancer's own account and Region, and HTTP none."""
    protocol, place = listener.get("protocol"), "certificateArn"
    if protocol == "HTTPS" and not listener.gives(place):
        yield listener.finding(place, "must be given for HTTPS", _CREATE_LISTENER, "Name a certificate")
    if protocol == "HTTP" and listener.gives(place):
        yield listener.finding(place, "has no place in a listener of HTTP", _CREATE_LISTENER, "Write protocol HTTPS")
    arn, account = str(listener.get(place) or ""), listener.account
    if arn.startswith("arn:") and ":acm:" in arn and arn.split(":")[3:5] != [account.region, account.number]:
        rule = f"must be a certificate of account {account.number} in {account.region}"
        yield listener.finding(place, rule, f"{_CREATE_LISTENER}, CertificateNotFound", "Import it there")


def a_check_ends_before_the_next_begins(targets: Subject) -> Iterator[Finding]:
    """The interval of a health check is longer than its time-out."""
    interval = targets.get("healthCheck.interval") or _INTERVAL
    timeout = targets.get("healthCheck.timeout") or _TIMEOUT
    if timeout >= interval:
        rule = f"must be smaller than healthCheck.interval ({interval})"
        yield targets.finding("healthCheck.timeout", rule, _CREATE_TARGETS, "Shorten it", timeout)


def a_load_balancer_has_one_subnet_in_two_zones_or_more(stack: Stack) -> Iterator[Finding]:
    """One subnet of each zone that it serves, and two zones at least."""
    zones = {each.resource.identifier: each.get("availabilityZone") for each in stack.of(SUBNET)}
    for balancer in stack.of(BALANCER):
        found = [zones.get(each) for each in balancer.items("subnets")]
        if not found or None in found:
            continue
        if len(set(found)) < len(found):
            rule = "must not name two subnets of one zone"
            yield balancer.finding("subnets", rule, _CREATE, "Name one subnet for each zone")
        if len(set(found)) < _FEWEST_ZONES:
            rule = f"must lie in {_FEWEST_ZONES} availability zones or more"
            yield balancer.finding("subnets", rule, _CREATE, "Add a subnet of another zone")


def an_auto_scaling_group_registers_instances(stack: Stack) -> Iterator[Finding]:
    """It knows instances, and no addresses or functions."""
    for attachment in stack.of(ATTACHMENT):
        targets = stack.owner(TARGETS, attachment, "lbTargetGroupArn")
        if targets is not None and targets.get("targetType") not in (None, "instance"):
            rule = f"names target group {targets.resource.name}, which takes other targets than instances"
            source = "Amazon EC2 Auto Scaling API, AttachLoadBalancerTargetGroups"
            yield attachment.finding("lbTargetGroupArn", rule, source, "Write targetType instance there")


def load_balancers_reach_nodes(stack: Stack) -> Iterator[Finding]:
    """Where Auto Scaling registers nodes, both sides' security groups let the target group's port through."""
    nodes = groups_of_nodes(stack)
    registered = {each.get("lbTargetGroupArn") for each in stack.of(ATTACHMENT)}
    for targets in stack.of(TARGETS):
        port, balancers = targets.get("port"), _groups_before(stack, targets)
        if targets.resource.identifier not in registered or port is None or not (balancers and nodes):
            continue
        for kind, own, others, what in (
            (_EGRESS, balancers, nodes, "let nothing out"),
            (INGRESS, nodes, balancers, "of nodes let nothing in"),
        ):
            if not any(_connects(each, own, others, port) for each in stack.of(kind)):
                rule = f"is {port}, on which the security groups {what}, so that no target turns healthy"
                yield targets.finding("port", rule, _REACH, f"Add a rule for TCP port {port}")


def _groups_before(stack: Stack, targets: Subject) -> set[str]:
    """Security groups of the load balancers that send to a target group."""
    found: set[str] = set()
    for listener in stack.of(LISTENER):
        balancer = stack.owner(BALANCER, listener, "loadBalancerArn")
        sends_to = [each.get("targetGroupArn") for each in listener.items("defaultActions")]
        if balancer is not None and targets.resource.identifier in sends_to:
            found.update(balancer.items("securityGroups"))
    return found


def _connects(rule: Subject, own: set[str], others: set[str], port: int) -> bool:
    # Ranges are taken for right: which addresses nodes have is not known here.
    is_peer = rule.gives("cidrIpv4") or rule.get("referencedSecurityGroupId") in others
    return rule.get("securityGroupId") in own and is_peer and admits(rule, port)


RULES = {
    BALANCER: (a_name_is_one_that_aws_takes,),
    LISTENER: (a_listener_has_the_certificate_of_its_protocol,),
    TARGETS: (a_name_is_one_that_aws_takes, a_check_ends_before_the_next_begins),
}
RULES_TOGETHER = (
    a_load_balancer_has_one_subnet_in_two_zones_or_more,
    an_auto_scaling_group_registers_instances,
    load_balancers_reach_nodes,
)
