"""What node groups and node pools ask of the address plan."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from math import ceil

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.network.capacity import blocks_of_node, blocks_of_subnet

Zones = Mapping[str, IPv4Network]


def most_nodes_in_a_roll(size: int, zones: int) -> int:
    """Nodes of a group while it is rolled: new ones come before old ones go.

    Args:
        size: nodes of the group.
        zones: availability zones that it is spread over.

    Source: Amazon EKS user guide, "Understand each phase of node updates": up to twice the number of zones more, or
    the most that may be unavailable, which is a third here; a group of no nodes rolls none.
    """
    return size + max(2 * zones, ceil(size / 3)) if size else 0


def blocks_of_groups(zones: Zones, groups: Mapping[str, NodeGroupSettings]) -> dict[str, int]:
    """Node group name to the /28 blocks that it takes of each zone: rolled, while one zone is impaired.

    EC2 Auto Scaling spreads a group evenly over its zones; when a zone fails, the others take its nodes.
    """
    zones_left = max(1, len(zones) - 1)
    return {
        name: ceil(most_nodes_in_a_roll(group.size, len(zones)) / zones_left) * blocks_of_node(group.max_pods)
        for name, group in groups.items()
    }


def blocks_of_pools(zone: str, pools: Mapping[str, NodePoolSettings]) -> dict[str, int]:
    """Node pool name to the /28 blocks that it takes of a zone, all its nodes standing there.

    Karpenter spreads nothing by itself: EC2 launches where spot capacity is deepest or the price lowest. Nodes that
    replace others count into the pool's limits.

    Args:
        zone: name of the zone.
        pools: node pools by name.
    """
    return {
        name: pool.most_nodes * blocks_of_node(pool.max_pods)
        for name, pool in pools.items()
        if pool.zones is None or zone in pool.zones
    }


def rules_of_addresses(
    zones: Zones, groups: Mapping[str, NodeGroupSettings], pools: Mapping[str, NodePoolSettings]
) -> Iterable[Violation]:
    """Each zone's subnet holds every group while all are rolled and one zone is impaired, and every pool as a whole.

    Args:
        zones: availability zone name to its block for nodes and pods; field paths start at `network.zones`.
        groups: node groups by name.
        pools: node pools by name.
    """
    for zone, block in zones.items():
        demands = {f"node_groups.{name}": each for name, each in blocks_of_groups(zones, groups).items()}
        demands |= {f"node_pools.{name}": each for name, each in blocks_of_pools(zone, pools).items()}
        needed, available = sum(demands.values()), blocks_of_subnet(block)
        if needed > available:
            largest = max(demands, key=demands.__getitem__)
            yield Violation(
                f"network.zones.{zone}",
                block,
                f"must hold {needed} /28 blocks, but holds {available}",
                "node groups that are rolled while one zone is impaired, and node pools at their limits whose nodes "
                "all stand here, take that many: a node takes one per 16 pods, one warm and one for its own address",
                f"use a larger block, at most a /16; or lower size, limits or max_pods, first of {largest}, or name a "
                "pool's zones",
            )
