"""Who reaches the private API endpoint beside the nodes: address ranges and security groups.

Leaves out how their packets get into the VPC, by transit gateway, peering or VPN, which stands outside the
environment, and what they may do there, which access entries say.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model, Violation, overlaps

# RFC 1918 and RFC 6598.
PRIVATE_RANGES = tuple(IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
# Amazon VPC user guide, "Amazon VPC quotas": inbound rules of a security group. One admits the nodes.
RULES_QUOTA = 60
MOST_SOURCES = RULES_QUOTA - 1

SecurityGroupId = Annotated[str, Field(pattern=r"^sg-([0-9a-f]{8}|[0-9a-f]{17})$")]


class PrivateAccess(Model):
    """Sources from which people and runners open connections to the private API endpoint.

    `kubectl`, port forwarding, `spark-submit` and `pulumi up` all go through it.
    """

    cidrs: Annotated[
        tuple[IPv4Network, ...], Field(max_length=MOST_SOURCES), OnChange(in_place("its rules come and go at once"))
    ] = ()
    """Private ranges that are routed to the VPC, such as those of offices, a VPN, or the VPC of the runners."""

    security_group_ids: Annotated[
        tuple[SecurityGroupId, ...], Field(max_length=MOST_SOURCES), OnChange(in_place("its rules come and go at once"))
    ] = ()
    """Groups of the VPC itself, or of a VPC in the account and Region that is peered with it: Amazon EC2 knows no
    other; behind a transit gateway it does only where security group referencing is switched on."""

    def is_empty(self) -> bool:
        """Whether it names nobody."""
        return not self.cidrs and not self.security_group_ids

    def rules(self) -> Iterable[Violation]:
        """Ranges are private and apart, groups are named once, and together they fit one security group."""
        for index, cidr in enumerate(self.cidrs):
            if not any(cidr.subnet_of(inside) for inside in PRIVATE_RANGES):
                yield Violation(
                    f"cidrs.{index}",
                    cidr,
                    "must be a private range",
                    "the private endpoint is never reached from a public address (RFC 1918, RFC 6598)",
                    "list public ranges under cluster.public_access_cidrs",
                )
        ranges = {f"cidrs.{index}": cidr for index, cidr in enumerate(self.cidrs)}
        for left, right in overlaps(ranges):
            yield Violation(
                right,
                ranges[right],
                f"must not overlap {left} ({ranges[left]})",
                "one of the two rules would do nothing, and the same range twice AWS refuses",
                "keep the larger range",
            )
        for index, group_id in enumerate(self.security_group_ids):
            if group_id in self.security_group_ids[:index]:
                yield Violation(
                    f"security_group_ids.{index}",
                    group_id,
                    "must not repeat a group",
                    "AWS refuses the same rule twice: InvalidPermission.Duplicate",
                    "remove one of them",
                )
        count = len(self.cidrs) + len(self.security_group_ids)
        if count > MOST_SOURCES:
            yield Violation(
                "cidrs",
                count,
                f"must make at most {MOST_SOURCES} sources together with security_group_ids",
                f"a security group takes {RULES_QUOTA} inbound rules, and the nodes need one",
                "merge ranges",
            )
