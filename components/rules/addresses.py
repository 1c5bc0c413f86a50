"""What node groups ask of the address plan."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from math import ceil

from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.network.capacity import blocks_of_node, blocks_of_subnet


def most_nodes_in_a_roll(size: int, zones: int) -> int:
    """Nodes of a group while it is rolled: new ones come before old ones go.

    Args:
        size: nodes of the group.
        zones: availability zones that it is spread over.

    Source: Amazon EKS user guide, "Understand each phase of node updates": up to twice the number of zones more, or
    the most that may be unavailable, which is a third here; a group of no nodes rolls none.
    """
    return size + max(2 * zones, ceil(size / 3)) if size else 0


def rules_of_addresses(
    zones: Mapping[str, IPv4Network], groups: Mapping[str, NodeGroupSettings]
) -> Iterable[Violation]:
    """The node subnets hold every group while all are rolled, even while one zone is impaired.

    EC2 Auto Scaling spreads a group evenly over its zones; when a zone fails, the others take its nodes.

    Args:
        zones: availability zone name to its block for nodes and pods; field paths start at `network.zones`.
        groups: node groups by name.
    """
    zones_left = max(1, len(zones) - 1)
    demands = {
        name: ceil(most_nodes_in_a_roll(group.size, len(zones)) / zones_left) * blocks_of_node(group.max_pods)
        for name, group in groups.items()
    }
    needed = sum(demands.values())
    largest = max(demands, key=demands.__getitem__, default="")
    for zone, block in zones.items():
        available = blocks_of_subnet(block)
        if needed > available:
            yield Violation(
                f"network.zones.{zone}",
                block,
                f"must hold {needed} /28 blocks, but holds {available}",
                "the node groups need that many in each zone while they are rolled and one zone is impaired: a node "
                "takes one per 16 pods, one warm and one for its own address",
                f"use a larger block, at most a /16, or lower size or max_pods, first of {largest}",
            )
