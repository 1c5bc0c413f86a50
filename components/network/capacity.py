"""How many nodes and pods the address plan holds, as the VPC CNI takes addresses with prefix delegation.

A node takes a /28 prefix per sixteen pods, one warm prefix more (WARM_PREFIX_TARGET=1), and its primary address. AWS
hands out prefixes only where all sixteen addresses of an aligned block are free, so a primary address is counted as a
whole block: the estimate is on the safe side. Leaves out subnet CIDR reservations and secondary interfaces.

Source: Amazon EKS best practices guide, "Prefix Mode for Linux".
"""

from ipaddress import IPv4Network
from math import ceil

ADDRESSES_PER_PREFIX = 16
WARM_PREFIXES = 1
PRIMARY_ADDRESS_BLOCKS = 1
# Amazon VPC user guide, "Subnet sizing": AWS keeps the first four addresses and the last, so two blocks of a subnet
# are never whole.
SPOILT_BLOCKS = 2


def blocks_of_node(max_pods: int) -> int:
    """The /28 blocks that one node takes at most."""
    return ceil(max_pods / ADDRESSES_PER_PREFIX) + WARM_PREFIXES + PRIMARY_ADDRESS_BLOCKS


def blocks_of_subnet(subnet: IPv4Network) -> int:
    """The whole /28 blocks that a subnet can hand out."""
    return max(0, subnet.num_addresses // ADDRESSES_PER_PREFIX - SPOILT_BLOCKS)


def most_nodes(subnet: IPv4Network, max_pods: int) -> int:
    """How many nodes of one kind fit into a subnet, every pod running."""
    return blocks_of_subnet(subnet) // blocks_of_node(max_pods)


def most_pods(subnet: IPv4Network, max_pods: int) -> int:
    """How many pods fit into a subnet, on nodes of one kind."""
    return most_nodes(subnet, max_pods) * max_pods
