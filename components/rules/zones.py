"""Zones that node groups name, against those of the network."""

from collections.abc import Iterable, Mapping

from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.network.settings import NetworkSettings


def rules_of_zones(network: NetworkSettings, groups: Mapping[str, NodeGroupSettings]) -> Iterable[Violation]:
    """Every zone that a node group names is one of the network's, named once.

    Args:
        network: the environment's network.
        groups: node groups by name.
    """
    for name, group in groups.items():
        named = group.zones or ()
        for index, zone in enumerate(named):
            if zone not in network.zones or zone in named[:index]:
                yield Violation(
                    f"node_groups.{name}.zones.{index}",
                    zone,
                    "must be a zone of network.zones, named once",
                    "its nodes stand in the zone's subnet",
                    f"name some of {', '.join(sorted(network.zones))}, or null for all",
                )
