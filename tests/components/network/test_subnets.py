"""The subnet plan is disjoint, inside its ranges, and does not move when zones come and go."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.settings import NetworkSettings
from components.network.subnets import ZONE_LETTERS, plan_subnets, rules_of_zone_names

REGION = "us-east-1"


@st.composite
def networks(draw: st.DrawFn) -> tuple[IPv4Network, dict[str, IPv4Network]]:
    """A primary range and zones as settings allow them."""
    prefix = draw(st.integers(16, 22))
    base = draw(st.integers(0, 2**prefix // 2**8 - 1))
    cidr = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + (base << (32 - prefix)), prefix))
    letters = draw(st.sets(st.sampled_from(ZONE_LETTERS), min_size=2))
    zones = {f"{REGION}{letter}": IPv4Network(f"100.{64 + ord(letter) - 97}.0.0/16") for letter in letters}
    return cidr, zones


@given(networks())
def test_subnets_lie_inside_their_ranges_and_never_overlap(network: tuple[IPv4Network, dict[str, IPv4Network]]) -> None:
    cidr, zones = network
    plans = plan_subnets(cidr, zones)
    routable = [subnet for plan in plans.values() for subnet in (plan.public, plan.control_plane)]

    assert all(subnet.subnet_of(cidr) and subnet.prefixlen == cidr.prefixlen + 4 for subnet in routable)
    every = routable + [plan.nodes for plan in plans.values()]
    assert not [pair for pair in combinations(every, 2) if pair[0].overlaps(pair[1])]


@given(networks(), st.data())
def test_a_zone_that_goes_leaves_the_others_where_they_are(
    network: tuple[IPv4Network, dict[str, IPv4Network]], data: st.DataObject
) -> None:
    cidr, zones = network
    gone = data.draw(st.sampled_from(sorted(zones)))
    fewer = {zone: block for zone, block in zones.items() if zone != gone}

    before = plan_subnets(cidr, zones)

    assert plan_subnets(cidr, fewer) == {zone: plan for zone, plan in before.items() if zone != gone}


def test_nodes_take_the_whole_block_of_their_zone() -> None:
    block = IPv4Network("100.64.0.0/16")

    assert plan_subnets(IPv4Network("10.0.0.0/20"), {"us-east-1a": block})["us-east-1a"].nodes == block


def test_public_and_control_plane_subnets_sit_in_the_slots_of_their_letter() -> None:
    plan = plan_subnets(IPv4Network("10.0.0.0/20"), {"us-east-1b": IPv4Network("100.64.0.0/16")})["us-east-1b"]

    assert (str(plan.public), str(plan.control_plane)) == ("10.0.1.0/24", "10.0.9.0/24")


def settings(*zones: str) -> NetworkSettings:
    blocks = {zone: IPv4Network(f"100.{64 + index}.0.0/16") for index, zone in enumerate(zones)}
    return NetworkSettings(cidr=IPv4Network("10.0.0.0/20"), zones=blocks)


@pytest.mark.parametrize("zone", ["us-east-2a", "us-east-1i", "us-east-1", "us-east-1-bos-1a", "us-east-1A"])
def test_a_zone_outside_the_region_or_the_plan_is_refused_by_name(zone: str) -> None:
    violations = list(rules_of_zone_names(REGION, settings("us-east-1a", zone)))

    assert [(each.field, each.value) for each in violations] == [(f"network.zones.{zone}", zone)]


def test_zones_of_the_region_are_accepted() -> None:
    assert not list(rules_of_zone_names(REGION, settings("us-east-1a", "us-east-1h")))
