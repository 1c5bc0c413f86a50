"""What one environment decides about its network."""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, impossible, in_place, replaces
from components.cloudwatch import RetentionDays
from components.model import Model, Violation, overlaps

# Amazon VPC user guide, "VPC CIDR blocks": a VPC and each of its secondary blocks is a /16 to a /28. Slots below
# a /26 could not hold the endpoints, the control plane's interfaces and a load balancer of one zone.
LARGEST_VPC_PREFIX = 16
SMALLEST_VPC_PREFIX = 22
SHARED_ADDRESS_SPACE = IPv4Network("100.64.0.0/10")
SMALLEST_ZONE_PREFIX = 20
FEWEST_ZONES = 2


class NetworkSettings(Model):
    """Address ranges, zones and egress of one environment's VPC."""

    cidr: Annotated[
        IPv4Network,
        OnChange(impossible("the VPC would be replaced, and everything in it; destroy the environment first")),
    ]
    """Primary range of the VPC, /16 to /22: load balancers, NAT, endpoints and the control plane's interfaces."""

    zones: Annotated[
        dict[str, IPv4Network],
        OnChange(
            impossible("nodes and pods live in the block; add another zone instead"),
            added=in_place("its subnets come up; node groups that name no zones are replaced by ones that span it too"),
            removed=replaces(
                "aws:ec2/subnet:Subnet",
                "aws:eks/nodeGroup:NodeGroup",
                how="node groups that span the zone are replaced by ones that do not",
                loses="volumes that lie in the zone",
            ),
        ),
    ] = Field(min_length=1)
    """Availability zone name to its block for nodes and pods, out of 100.64.0.0/10, at most a /16 each."""

    control_plane_zones: Annotated[
        tuple[str, ...] | None,
        OnChange(in_place("the interfaces stay where they are as long as the zones do")),
    ] = None
    """Zones that hold the control plane's interfaces, two or more; null for all. Amazon EKS takes no others once the
    cluster is made, so whoever adds a zone later names the former ones here."""

    nat: Annotated[
        Literal["single", "per-zone"],
        OnChange(
            in_place("open connections to the internet break, and source addresses change"),
            to={
                "single": replaces(
                    "aws:ec2/natGateway:NatGateway",
                    "aws:ec2/eip:Eip",
                    how="open connections to the internet break, and source addresses change",
                )
            },
        ),
    ] = "per-zone"
    """One NAT gateway for the environment, or one in each zone so that a zone's failure keeps the others' egress."""

    flow_log_retention_days: Annotated[
        RetentionDays, OnChange(in_place(), smaller=in_place(loses="records that are older"))
    ] = 90
    """Days that VPC flow logs stay in CloudWatch Logs; one of the values that the service accepts."""

    @property
    def zones_of_control_plane(self) -> tuple[str, ...]:
        """Zones that hold the control plane's interfaces, in order of their names."""
        return tuple(sorted(self.zones if self.control_plane_zones is None else self.control_plane_zones))

    def rules(self) -> Iterable[Violation]:
        """Sizes, zone count and overlap of the ranges."""
        yield from self._rules_of_primary_range()
        yield from self._rules_of_zone_blocks()
        yield from self._rules_of_control_plane_zones()
        ranges = {"cidr": self.cidr, **{f"zones.{zone}": block for zone, block in self.zones.items()}}
        for left, right in overlaps(ranges):
            yield Violation(
                right,
                ranges[right],
                f"must not overlap {left} ({ranges[left]})",
                "AWS refuses overlapping blocks in one VPC",
                "choose a free range",
            )

    def _rules_of_primary_range(self) -> Iterable[Violation]:
        if not LARGEST_VPC_PREFIX <= self.cidr.prefixlen <= SMALLEST_VPC_PREFIX:
            yield Violation(
                "cidr",
                self.cidr,
                f"must be between a /{LARGEST_VPC_PREFIX} and a /{SMALLEST_VPC_PREFIX}",
                "AWS takes no VPC block larger than a /16, and the layout cuts the range into sixteen subnets "
                "of which each must hold a zone's endpoints and load balancers",
                "for example 10.20.0.0/20",
            )
        if not self.cidr.is_private or self.cidr.overlaps(SHARED_ADDRESS_SPACE):
            yield Violation(
                "cidr",
                self.cidr,
                "must be a private range outside 100.64.0.0/10",
                "100.64.0.0/10 is where nodes and pods live, and public ranges would hide real hosts",
                "take a range of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
            )

    def _rules_of_control_plane_zones(self) -> Iterable[Violation]:
        named = self.control_plane_zones or ()
        for index, zone in enumerate(named):
            if zone not in self.zones or zone in named[:index]:
                yield Violation(
                    f"control_plane_zones.{index}",
                    zone,
                    "must be a zone of zones, named once",
                    "the control plane's interfaces stand in the zone's subnets",
                    f"name some of {', '.join(sorted(self.zones))}",
                )
        if self.control_plane_zones is not None and len(set(named)) < FEWEST_ZONES:
            yield Violation(
                "control_plane_zones",
                list(named),
                f"must name at least {FEWEST_ZONES} availability zones",
                "Amazon EKS requires cluster subnets in two zones",
                "name another zone, or null for all",
            )

    def _rules_of_zone_blocks(self) -> Iterable[Violation]:
        if len(self.zones) < FEWEST_ZONES:
            yield Violation(
                "zones",
                sorted(self.zones),
                f"must name at least {FEWEST_ZONES} availability zones",
                "Amazon EKS requires cluster subnets in two zones",
                "add a zone with its own block",
            )
        for zone, block in self.zones.items():
            if not block.subnet_of(SHARED_ADDRESS_SPACE):
                yield Violation(
                    f"zones.{zone}",
                    block,
                    f"must lie inside {SHARED_ADDRESS_SPACE}",
                    "nodes and pods use the shared address space (RFC 6598), which no office network routes",
                    "for example 100.64.0.0/16",
                )
            if not LARGEST_VPC_PREFIX <= block.prefixlen <= SMALLEST_ZONE_PREFIX:
                yield Violation(
                    f"zones.{zone}",
                    block,
                    f"must be between a /{LARGEST_VPC_PREFIX} and a /{SMALLEST_ZONE_PREFIX}",
                    "AWS takes at most a /16 per secondary block, and pods take /28 prefixes out of it",
                    "give each zone a /16",
                )
