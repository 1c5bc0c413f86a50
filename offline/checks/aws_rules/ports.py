"""Numbers in security-group rules: the range that each protocol has, and that the two ends are in order.

Which protocol takes ports at all is in CloudFormation's schemas, with cfn-lint's additions.

Source: Amazon EC2 API, IpPermission.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from offline.checks.aws_rules.subject import Subject
from offline.checks.finding import Finding

LAST_PORT = 65_535
_LAST_ICMP = 255
_ALL = -1
# Protocol, by name or number, and whether its numbers are ports or ICMP types and codes.
_HAS_PORTS = {"tcp": True, "6": True, "udp": True, "17": True, "icmp": False, "1": False, "icmpv6": False, "58": False}
_SOURCE = "Amazon EC2 API, IpPermission"
_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
)
_GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")


def numbers_fit_the_protocol(subject: Subject) -> Iterator[Finding]:
    """The numbers of a rule of its own, and of the rules inside a group."""
    if subject.type in _RULES:
        yield from _numbers(subject, "", subject.inputs)
        return
    for side in ("ingress", "egress"):
        given = subject.inputs.get(side)
        for index, rule in enumerate(given if isinstance(given, list) else ()):
            if isinstance(rule, dict):
                yield from _numbers(subject, f"{side}.{index}.", rule)


def _numbers(subject: Subject, place: str, rule: Mapping[str, Any]) -> Iterator[Finding]:
    protocol = str(rule.get("ipProtocol") or rule.get("protocol") or "").lower()
    # What is unknown, or no number at all, is no number to judge.
    ends = {each: rule[each] for each in ("fromPort", "toPort") if isinstance(rule.get(each), int)}
    if protocol not in _HAS_PORTS:
        return
    least, most = (0, LAST_PORT) if _HAS_PORTS[protocol] else (_ALL, _LAST_ICMP)
    for end, value in ends.items():
        if not least <= value <= most:
            say = f"must be between {least} and {most} for {protocol}"
            yield subject.finding(f"{place}{end}", say, _SOURCE, "Correct the number", value)
    if _HAS_PORTS[protocol] and ends.get("fromPort", 0) > ends.get("toPort", LAST_PORT):
        say = f"must not be smaller than fromPort ({ends['fromPort']})"
        yield subject.finding(f"{place}toPort", say, _SOURCE, "Exchange the two", ends["toPort"])


RULES = dict.fromkeys((*_RULES, *_GROUPS), (numbers_fit_the_protocol,))
