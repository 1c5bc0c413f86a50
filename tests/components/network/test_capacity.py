"""The address plan's capacity follows what the VPC CNI takes with prefix delegation."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from components.network.capacity import (
    NodeDemand,
    blocks_of_node,
    blocks_of_subnet,
    most_nodes,
    most_pods,
    rules_of_addresses,
)

SUBNETS = st.integers(16, 28).map(lambda prefix: IPv4Network(("100.64.0.0", prefix)))
PODS = st.integers(1, 250)


def test_a_node_takes_its_pods_prefixes_a_warm_one_and_room_for_its_own_address() -> None:
    assert [blocks_of_node(pods) for pods in (16, 17, 110)] == [3, 4, 9]


def test_a_subnet_loses_the_two_blocks_that_hold_the_addresses_aws_keeps() -> None:
    assert [blocks_of_subnet(IPv4Network(cidr)) for cidr in ("100.64.0.0/16", "100.64.0.0/20")] == [4094, 254]


@given(SUBNETS, PODS)
def test_nodes_that_fit_leave_the_reserved_addresses_free(subnet: IPv4Network, max_pods: int) -> None:
    taken = most_nodes(subnet, max_pods) * blocks_of_node(max_pods) * 16

    assert taken + 5 <= subnet.num_addresses or taken == 0
    assert most_pods(subnet, max_pods) + most_nodes(subnet, max_pods) <= subnet.num_addresses


@given(SUBNETS.filter(lambda subnet: subnet.prefixlen > 16), PODS)
def test_a_larger_subnet_never_holds_fewer_nodes(subnet: IPv4Network, max_pods: int) -> None:
    assert most_nodes(subnet.supernet(), max_pods) >= most_nodes(subnet, max_pods)


@given(SUBNETS, PODS)
def test_more_pods_a_node_never_make_room_for_more_nodes(subnet: IPv4Network, max_pods: int) -> None:
    assert most_nodes(subnet, max_pods + 1) <= most_nodes(subnet, max_pods)


def zones(prefix: int, count: int = 3) -> dict[str, IPv4Network]:
    return {f"us-east-1{'abc'[index]}": IPv4Network((f"100.{64 + index}.0.0", prefix)) for index in range(count)}


def test_groups_that_fit_while_one_zone_is_impaired_are_accepted() -> None:
    # 56 nodes of 9 blocks over two zones left are 252 of the 254 blocks of a /20.
    assert not list(rules_of_addresses(zones(20), [NodeDemand("spark", 56, 110)]))


def test_one_node_too_many_is_refused_in_each_zone_with_the_numbers() -> None:
    violations = list(rules_of_addresses(zones(20), [NodeDemand("spark", 57, 110)]))

    assert [each.field for each in violations] == [f"network.zones.us-east-1{letter}" for letter in "abc"]
    assert violations[0].rule == "must hold 261 /28 blocks, but holds 254"
    assert "spark" in violations[0].fix


def test_the_demands_of_all_groups_add_up() -> None:
    half = [NodeDemand(name, 28, 110) for name in ("intel", "graviton")]

    assert not list(rules_of_addresses(zones(20), half))
    assert list(rules_of_addresses(zones(20), [*half, NodeDemand("system", 2, 16)]))


def test_no_groups_need_no_addresses() -> None:
    assert not list(rules_of_addresses(zones(20), []))
