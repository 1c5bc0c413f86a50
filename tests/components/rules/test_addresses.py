"""The address plan holds every node group while it is rolled and a zone is impaired."""

from ipaddress import IPv4Network

import pytest

from components.cluster.node_group_settings import NodeGroupSettings
from components.rules.addresses import most_nodes_in_a_roll, rules_of_addresses


def zones(prefix: int, count: int = 3) -> dict[str, IPv4Network]:
    return {f"us-east-1{'abc'[index]}": IPv4Network((f"100.{64 + index}.0.0", prefix)) for index in range(count)}


def group(size: int, max_pods: int = 110) -> NodeGroupSettings:
    return NodeGroupSettings(
        workload="spark", architecture="arm64", instance_types=("m7gd.8xlarge",), size=size, max_pods=max_pods
    )


@pytest.mark.parametrize(("size", "rolled"), [(0, 0), (1, 7), (6, 12), (18, 24), (24, 32), (300, 400)])
def test_a_roll_brings_two_nodes_a_zone_or_a_third_of_the_group_more(size: int, rolled: int) -> None:
    assert most_nodes_in_a_roll(size, 3) == rolled


def test_groups_that_fit_while_one_zone_is_impaired_are_accepted() -> None:
    # 42 nodes and 14 more in a roll, of 9 blocks each, over two zones left are 252 of the 254 blocks of a /20.
    assert not list(rules_of_addresses(zones(20), {"spark": group(42)}))


def test_one_node_too_many_is_refused_in_each_zone_with_the_numbers() -> None:
    violations = list(rules_of_addresses(zones(20), {"spark": group(43)}))

    assert [each.field for each in violations] == [f"network.zones.us-east-1{letter}" for letter in "abc"]
    assert violations[0].rule == "must hold 261 /28 blocks, but holds 254"
    assert "spark" in violations[0].fix


def test_the_demands_of_all_groups_add_up() -> None:
    half = {name: group(21) for name in ("intel", "graviton")}

    assert not list(rules_of_addresses(zones(20), half))
    assert list(rules_of_addresses(zones(20), half | {"system": group(2, 16)}))


def test_no_groups_need_no_addresses() -> None:
    assert not list(rules_of_addresses(zones(20), {}))
