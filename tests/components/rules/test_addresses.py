"""The address plan holds every node group while it is rolled and a zone is impaired, and pools wherever they stand."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.capacity.settings import NodePoolSettings, PoolLimits
from components.cluster.node_group_settings import NodeGroupSettings
from components.network.capacity import blocks_of_node
from components.rules.addresses import blocks_of_pools, most_nodes_in_a_roll, rules_of_addresses


def zones(prefix: int, count: int = 3) -> dict[str, IPv4Network]:
    return {f"us-east-1{'abc'[index]}": IPv4Network((f"100.{64 + index}.0.0", prefix)) for index in range(count)}


def group(size: int, max_pods: int = 110) -> NodeGroupSettings:
    return NodeGroupSettings(
        workload="spark", architecture="arm64", instance_types=("m7gd.8xlarge",), size=size, max_pods=max_pods
    )


def pool(vcpus: int, zones: tuple[str, ...] | None = None, nodes: int | None = None) -> NodePoolSettings:
    return NodePoolSettings(
        workload="spark-executor",
        architecture="arm64",
        capacity="on-demand",
        instance_types=("r7gd.8xlarge", "r7gd.16xlarge"),
        zones=zones,
        limits=PoolLimits(vcpus=vcpus, memory_gib=1_000_000, nodes=nodes),
    )


@pytest.mark.parametrize(("size", "rolled"), [(0, 0), (1, 7), (6, 12), (18, 24), (24, 32), (300, 400)])
def test_a_roll_brings_two_nodes_a_zone_or_a_third_of_the_group_more(size: int, rolled: int) -> None:
    assert most_nodes_in_a_roll(size, 3) == rolled


def test_groups_that_fit_while_one_zone_is_impaired_are_accepted() -> None:
    # 42 nodes and 14 more in a roll, of 9 blocks each, over two zones left are 252 of the 254 blocks of a /20.
    assert not list(rules_of_addresses(zones(20), {"spark": group(42)}, {}))


def test_one_node_too_many_is_refused_in_each_zone_with_the_numbers() -> None:
    violations = list(rules_of_addresses(zones(20), {"spark": group(43)}, {}))

    assert [each.field for each in violations] == [f"network.zones.us-east-1{letter}" for letter in "abc"]
    assert violations[0].rule == "must hold 261 /28 blocks, but holds 254"
    assert "spark" in violations[0].fix


def test_the_demands_of_all_groups_add_up() -> None:
    half = {name: group(21) for name in ("intel", "graviton")}

    assert not list(rules_of_addresses(zones(20), half, {}))
    assert list(rules_of_addresses(zones(20), half | {"system": group(2, 16)}, {}))


def test_no_groups_need_no_addresses() -> None:
    assert not list(rules_of_addresses(zones(20), {}, {}))


def test_all_nodes_of_a_pool_may_stand_in_one_zone() -> None:
    # Fifty nodes of 42 pods take five blocks each, and a /20 holds 254.
    assert not list(rules_of_addresses(zones(20), {}, {"elastic": pool(50 * 32)}))

    violations = list(rules_of_addresses(zones(20), {}, {"elastic": pool(51 * 32)}))

    assert [each.rule for each in violations] == ["must hold 255 /28 blocks, but holds 254"] * 3
    assert "first of node_pools.elastic" in violations[0].fix


def test_a_pool_that_names_its_zones_takes_nothing_of_others() -> None:
    one_each = {zone: pool(50 * 32, zones=(zone,)) for zone in zones(20)}

    assert not list(rules_of_addresses(zones(20), {}, one_each))
    assert [each.field for each in rules_of_addresses(zones(20), {"system": group(1, 16)}, one_each)] == [
        f"network.zones.{zone}" for zone in zones(20)
    ]


def test_groups_and_pools_add_up() -> None:
    assert not list(rules_of_addresses(zones(20), {"spark": group(21)}, {"elastic": pool(25 * 32)}))
    assert list(rules_of_addresses(zones(20), {"spark": group(21)}, {"elastic": pool(26 * 32)}))


@given(vcpus=st.integers(64, 100_000), nodes=st.none() | st.integers(1, 10_000))
def test_no_number_of_nodes_that_fits_the_limits_needs_more_blocks_than_are_counted(
    vcpus: int, nodes: int | None
) -> None:
    limited = pool(vcpus, nodes=nodes)
    counted = blocks_of_pools("us-east-1a", {"elastic": limited})["elastic"]

    for size in (32, 64):
        running = min(vcpus // size, nodes or vcpus)
        assert running * blocks_of_node(limited.max_pods) <= counted
    assert limited.most_nodes * 32 <= vcpus
