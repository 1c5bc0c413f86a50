"""What the metrics stack asks of the nodes that it runs on: rules between its settings and those of the nodes."""

from collections.abc import Iterable, Mapping

from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.node_settings import NodeSettings
from components.model import Violation
from components.monitoring.settings import MonitoringSettings
from components.monitoring.stores import queue_volume_mib

# The kubelet evicts pods when a tenth of the disk is left, and images and logs need room too.
MOST_OF_A_DISK = 4


def rules_of_placement(
    settings: MonitoringSettings, groups: Mapping[str, NodeGroupSettings], pools: Mapping[str, NodeSettings]
) -> Iterable[Violation]:
    """Two replicas have two nodes to stand on, and the collectors' queues fit the nodes' disks.

    Args:
        settings: the metrics stack's.
        groups: node groups by name.
        pools: node pools by name.
    """
    nodes = sum(group.size for group in groups.values() if group.workload == "system")
    if settings.replicas > max(nodes, 1):
        yield Violation(
            "monitoring.availability",
            settings.availability,
            f"must be single while system groups have only {nodes} node{'s' if nodes != 1 else ''} (size)",
            "replicas of Prometheus and Alertmanager wait rather than share a zone, and the deployment waits for them",
            "write single, or raise a system group's size to 2 or more",
        )
    yield from _rules_of_queues(settings, [*groups.values(), *pools.values()])


def _rules_of_queues(settings: MonitoringSettings, nodes: Iterable[NodeSettings]) -> Iterable[Violation]:
    root_volumes_gib: dict[str, int] = {}
    for each in nodes:
        known = root_volumes_gib.get(each.workload, each.root_volume_gib)
        root_volumes_gib[each.workload] = min(each.root_volume_gib, known)
    agent, cluster = queue_volume_mib("agent", settings), queue_volume_mib("cluster", settings)
    for workload, volume in root_volumes_gib.items():
        wanted = agent + (cluster if workload == "system" else 0)
        room = volume * 1024 // MOST_OF_A_DISK
        if wanted > room:
            field, value = ("cluster", cluster) if workload == "system" and cluster >= agent else ("agent", agent)
            yield Violation(
                f"monitoring.{field}_queue_mib",
                settings.cluster_queue_mib if field == "cluster" else settings.agent_queue_mib,
                f"must leave the queues a quarter of the root volume of {workload} nodes ({room} MiB) at most",
                f"they would take {wanted} MiB ({value} of them by this), and the kubelet evicts pods of full nodes",
                "write less, or give these nodes a larger root_volume_gib",
            )
