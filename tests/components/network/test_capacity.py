"""The address plan's capacity follows what the VPC CNI takes with prefix delegation."""

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from components.network.capacity import blocks_of_node, blocks_of_subnet, most_nodes, most_pods

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
