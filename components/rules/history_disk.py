"""The Spark History Server's disk against the nodes that it may run on."""

from collections.abc import Iterable, Mapping

from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.spark.settings import HistoryServerSettings


def rules_of_history_disk(
    settings: HistoryServerSettings, groups: Mapping[str, NodeGroupSettings]
) -> Iterable[Violation]:
    """Its disk leaves half of the smallest system node's to everything else.

    Args:
        settings: the History Server's.
        groups: node groups by name.
    """
    smallest = min((each.root_volume_gib for each in groups.values() if each.workload == "system"), default=None)
    wanted = settings.disk_gib
    if smallest is not None and wanted > smallest // 2:
        yield Violation(
            "spark.history_server.disk_gib",
            wanted,
            f"must be at most half of the smallest system group's root_volume_gib ({smallest})",
            "its disk is the node's, and the kubelet evicts pods when a tenth is left",
            f"write {smallest // 2}, or give the system group larger volumes",
        )
