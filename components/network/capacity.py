"""How many nodes and pods the address plan holds, as the VPC CNI takes addresses with prefix delegation.

A node takes a /28 prefix per sixteen pods, one warm prefix more (WARM_PREFIX_TARGET=1), and its primary address. AWS
hands out prefixes only where all sixteen addresses of an aligned block are free, so a primary address is counted as a
whole block: the estimate is on the safe side. Leaves out subnet CIDR reservations and secondary interfaces.

Source: Amazon EKS best practices guide, "Prefix Mode for Linux".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from math import ceil

from components.model import Violation

ADDRESSES_PER_PREFIX = 16
WARM_PREFIXES = 1
PRIMARY_ADDRESS_BLOCKS = 1
# Amazon VPC user guide, "Subnet sizing": AWS keeps the first four addresses and the last, so two blocks of a subnet
# are never whole.
SPOILT_BLOCKS = 2


@dataclass(frozen=True)
class NodeDemand:
    """What one node group asks of the address plan.

    Args:
        group: its name.
        max_size: most nodes.
        max_pods: most pods on a node.
    """

    group: str
    max_size: int
    max_pods: int


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


def rules_of_addresses(zones: Mapping[str, IPv4Network], demands: Iterable[NodeDemand]) -> Iterable[Violation]:
    """The node subnets hold every group at its largest, even while one zone is impaired.

    EC2 Auto Scaling spreads a group evenly over its zones; when a zone fails, the others take its nodes.

    Args:
        zones: availability zone name to its block for nodes and pods; field paths start at `network.zones`.
        demands: the node groups.
    """
    demands = list(demands)
    zones_left = max(1, len(zones) - 1)
    needed = sum(ceil(each.max_size / zones_left) * blocks_of_node(each.max_pods) for each in demands)
    largest = max(demands, key=lambda each: each.max_size * blocks_of_node(each.max_pods), default=None)
    for zone, block in zones.items():
        available = blocks_of_subnet(block)
        if largest is not None and needed > available:
            yield Violation(
                f"network.zones.{zone}",
                block,
                f"must hold {needed} /28 blocks, but holds {available}",
                "the node groups at max_size need that many in each zone while one zone is impaired: a node takes one "
                "per 16 pods, one warm and one for its own address",
                f"use a larger block, at most a /16, or lower max_size or max_pods, first of {largest.group}",
            )
