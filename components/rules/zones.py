"""Zones that node groups and pools name, against those of the network."""

from collections.abc import Iterable, Mapping

from components.cluster.node_settings import NodeSettings
from components.model import Violation
from components.network.settings import NetworkSettings


def rules_of_zones(network: NetworkSettings, nodes: Mapping[str, NodeSettings]) -> Iterable[Violation]:
    """Every zone that a node group or pool names is one of the network's, named once.

    Args:
        network: the environment's network.
        nodes: node groups and pools by path.
    """
    for path, each in nodes.items():
        named = each.zones or ()
        for index, zone in enumerate(named):
            if zone not in network.zones or zone in named[:index]:
                yield Violation(
                    f"{path}.zones.{index}",
                    zone,
                    "must be a zone of network.zones, named once",
                    "its nodes stand in the zone's subnet",
                    f"name some of {', '.join(sorted(network.zones))}, or null for all",
                )
