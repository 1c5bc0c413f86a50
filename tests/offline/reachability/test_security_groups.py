"""Security groups let through what rules of both sides name, and forms of rules that are not read are refused."""

from typing import Any

import pytest

from offline.reachability.errors import ReachabilityError
from offline.reachability.policy import EGRESS, INGRESS
from offline.reachability.ports import EVERY_PORT, NO_PORT, Ports, ports, tcp
from offline.reachability.security_groups import GROUP, opening, rules_among
from tests.offline.reachability.written import place, resource

NODES, API = place("100.64.0.0/16", groups=frozenset({"sg-nodes"})), place("10.0.0.0/24", groups=frozenset({"sg-api"}))
OUTSIDE = place("192.0.2.0/24", "198.51.100.0/24")
HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}


def rule(direction: str, group: str = "sg-nodes", **inputs: Any) -> Any:
    token = f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule"
    return resource(token, f"{group}-{direction}", {"securityGroupId": group, "description": "why", **inputs})


def opened(found: Any, direction: str, source: Any, target: Any) -> tuple[Ports, Ports]:
    given = opening(rules_among([found]), direction, source, target)
    return given.possible, given.certain


def test_a_rule_counts_for_interfaces_of_its_group_towards_those_that_it_names() -> None:
    to_api = rule(EGRESS, referencedSecurityGroupId="sg-api", **HTTPS)
    assert opened(to_api, EGRESS, NODES, API) == (tcp(443), tcp(443))
    assert opened(to_api, EGRESS, NODES, NODES) == (NO_PORT, NO_PORT)
    assert opened(to_api, EGRESS, API, NODES) == (NO_PORT, NO_PORT), "the group has no rule"
    assert opened(to_api, INGRESS, NODES, API) == (NO_PORT, NO_PORT), "the other direction"
    assert opened(to_api, EGRESS, OUTSIDE, API) == (EVERY_PORT, EVERY_PORT), "no group of the stack's"


def test_a_range_that_holds_some_addresses_lets_in_some() -> None:
    from_one = rule(INGRESS, cidrIpv4="192.0.2.0/25", **HTTPS)
    assert opened(from_one, INGRESS, OUTSIDE, NODES) == (tcp(443), NO_PORT)
    from_all = rule(INGRESS, cidrIpv4="0.0.0.0/0", **HTTPS)
    assert opened(from_all, INGRESS, OUTSIDE, NODES) == (tcp(443), tcp(443))
    assert rules_among([from_all])[0].reason == "why"


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({"ipProtocol": "-1"}, EVERY_PORT),
        ({"ipProtocol": "17", "fromPort": 53, "toPort": 54}, ports([("UDP", 53, 54)])),
        ({"ipProtocol": "tcp"}, ports([("TCP", 1, 65535)])),
        ({"ipProtocol": "icmp", "fromPort": 8, "toPort": 0}, NO_PORT),
    ],
)
def test_protocols_are_names_or_numbers_and_icmp_has_no_ports(inputs: dict[str, Any], found: Ports) -> None:
    assert rules_among([rule(INGRESS, cidrIpv4="0.0.0.0/0", **inputs)])[0].ports == found


@pytest.mark.parametrize(
    "found",
    [
        rule(EGRESS, prefixListId="pl-1", **HTTPS),
        rule(EGRESS, cidrIpv6="::/0", **HTTPS),
        resource(GROUP, "inline", {"ingress": [{"protocol": "-1"}]}),
        resource("aws:ec2/securityGroupRule:SecurityGroupRule", "old", {}),
    ],
)
def test_rules_of_a_form_that_is_not_read_are_refused(found: Any) -> None:
    with pytest.raises(ReachabilityError, match=r"not read here|make them so"):
        rules_among([found])
