"""Which address range each subnet gets: arithmetic without any resource.

The primary range is cut into sixteen equal slots. The last letter of a zone's name picks its slots, a to h: slots 0
to 7 hold public subnets and 8 to 15 control-plane subnets. So a zone that comes or goes never moves another zone's
subnets, which AWS could only replace. Nodes and pods take the zone's whole secondary block.

Leaves out how many nodes fit (`capacity.py`), and Local Zones and Wavelength Zones, whose names end otherwise.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.model import Violation
from components.network.settings import NetworkSettings

# Sixteen slots: eight zone letters, two kinds of subnet.
SLOT_BITS = 4
ZONE_LETTERS = "abcdefgh"


@dataclass(frozen=True)
class ZonePlan:
    """The subnets of one availability zone.

    Args:
        public: load balancers that face the internet, and NAT gateways.
        control_plane: interfaces of the control plane, endpoints, internal load balancers.
        nodes: nodes and pods.
    """

    public: IPv4Network
    control_plane: IPv4Network
    nodes: IPv4Network


def plan_subnets(cidr: IPv4Network, zones: Mapping[str, IPv4Network]) -> dict[str, ZonePlan]:
    """The subnets of every zone.

    Args:
        cidr: primary range of the VPC.
        zones: availability zone name to its secondary block.

    Returns:
        Zone name to its plan, in the order of zone names.

    Raises:
        ValueError: when a zone's name ends in no letter from a to h; `rules_of_zone_names` says so beforehand.
    """
    slots = list(cidr.subnets(prefixlen_diff=SLOT_BITS))
    plans: dict[str, ZonePlan] = {}
    for zone in sorted(zones):
        slot = ZONE_LETTERS.index(zone[-1])
        plans[zone] = ZonePlan(slots[slot], slots[slot + len(ZONE_LETTERS)], zones[zone])
    return plans


def control_plane_ranges(settings: NetworkSettings) -> list[IPv4Network]:
    """Ranges of the subnets that hold the control plane's interfaces: where the API server calls webhooks from.

    Args:
        settings: the environment's network.
    """
    plans = plan_subnets(settings.cidr, settings.zones)
    return [plans[zone].control_plane for zone in sorted(settings.zones_of_control_plane)]


def rules_of_zone_names(region: str, settings: NetworkSettings) -> Iterable[Violation]:
    """Every zone is one of the Region's own: its name is the Region's and a letter from a to h.

    Args:
        region: the environment's Region.
        settings: its network; field paths start at `network`.
    """
    pattern = re.compile(rf"{re.escape(region)}[{ZONE_LETTERS[0]}-{ZONE_LETTERS[-1]}]")
    for zone in settings.zones:
        if not pattern.fullmatch(zone):
            yield Violation(
                f"network.zones.{zone}",
                zone,
                f"must be the Region's name and a letter from {ZONE_LETTERS[0]} to {ZONE_LETTERS[-1]}",
                f"subnets are made in {region}, and the letter picks the zone's place in the address plan",
                f"for example {region}a",
            )
