"""Whether the metrics stack can hold what the nodes may grow to: rules between its settings and theirs."""

from collections.abc import Iterable
from math import ceil

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation
from components.monitoring.cardinality import Cardinality, NodeScale
from components.monitoring.settings import MonitoringSettings

# The kubelet, the operating system and the node's agents take part of a node's memory.
MOST_OF_A_NODE = 0.8
MIB_PER_GIB = 1024


LOWER = "lower size or max_pods of node groups, or limits or max_pods of node pools"


def scale_of(nodes: NodeGroupSettings | NodePoolSettings) -> NodeScale:
    """A node group with all its nodes, or a node pool at its limits, with max_pods on every one."""
    most_vcpus = max(each.vcpus for each in nodes.types)
    if isinstance(nodes, NodePoolSettings):
        count = nodes.most_nodes
        # The limit bounds vCPUs, so that the most nodes are small ones.
        most_vcpus = min(most_vcpus, nodes.limits.vcpus // max(1, count))
    else:
        count = nodes.size
    return NodeScale(count, most_vcpus, nodes.max_pods, executors=nodes.takes_executors, drivers=nodes.takes_drivers)


def cardinality_of(settings: MonitoringSettings, nodes: Iterable[NodeGroupSettings | NodePoolSettings]) -> Cardinality:
    """What the metrics of node groups and pools come to when each is at its largest.

    Args:
        settings: decide how often is scraped, and how long pods live.
        nodes: the node groups and pools.
    """
    scales = [scale_of(each) for each in nodes]
    return Cardinality.of(scales, settings.scrape_interval_seconds, settings.spark_pod_lifetime_minutes)


def rules_of_cardinality(
    settings: MonitoringSettings, groups: Iterable[NodeGroupSettings], pools: Iterable[NodePoolSettings]
) -> Iterable[Violation]:
    """Prometheus' memory and volume, the collector's memory and the workspace's quota hold all nodes at their largest.

    Args:
        settings: the metrics stack's.
        groups: the node groups.
        pools: the node pools.
    """
    groups = tuple(groups)
    metrics = cardinality_of(settings, [*groups, *pools])
    reason = (
        f"node groups and pools with max_pods on every node make {metrics.series:,} series of "
        f"{metrics.units['pod']:,} pods, and {metrics.head_series:,} stay in memory with those of pods that ended; see "
        "docs/metrics-cost.md"
    )
    if settings.prometheus_memory_gib < metrics.memory_gib:
        yield Violation(
            "monitoring.prometheus_memory_gib",
            settings.prometheus_memory_gib,
            f"must be at least {ceil(metrics.memory_gib)}",
            reason,
            f"write {ceil(metrics.memory_gib)} or more, or {LOWER}",
        )
    disk_gib = metrics.disk_gib(settings.retention_days)
    if settings.retention_size_gib < disk_gib:
        volume = ceil(ceil(disk_gib) * 5 / 4)
        yield Violation(
            "monitoring.volume_gib",
            settings.volume_gib,
            f"must be at least {volume} to keep samples for {settings.retention_days} days",
            f"{metrics.samples_a_second:,.0f} samples a second fill it before, and Prometheus drops the oldest",
            f"write {volume} or more, shorten retention_days, or {LOWER}",
        )
    if settings.cluster_collector_memory_mib < metrics.cluster_collector_mib:
        yield Violation(
            "monitoring.cluster_collector_memory_mib",
            settings.cluster_collector_memory_mib,
            f"must be at least {ceil(metrics.cluster_collector_mib)}",
            f"it holds one scrape of kube-state-metrics, which tells of {metrics.units['pod']:,} pods",
            f"write {ceil(metrics.cluster_collector_mib)} or more, or {LOWER}",
        )
    yield from _rules_of_quota(settings, metrics)
    yield from _rules_of_nodes(settings, groups)


def _rules_of_quota(settings: MonitoringSettings, metrics: Cardinality) -> Iterable[Violation]:
    if settings.storage == "amazon-managed" and metrics.active_series > settings.active_series_quota:
        yield Violation(
            "monitoring.active_series_quota",
            settings.active_series_quota,
            f"must be at least {metrics.active_series}",
            "Amazon Managed Service for Prometheus refuses samples of more active series than the workspace's quota",
            f"have AWS raise the quota and write the new one here, or {LOWER}",
        )


def _rules_of_nodes(settings: MonitoringSettings, groups: Iterable[NodeGroupSettings]) -> Iterable[Violation]:
    types = [each for group in groups if group.workload == "system" for each in group.types]
    if not types:
        return
    smallest = min(types, key=lambda each: each.memory_mib)
    memory_gib = smallest.memory_mib / MIB_PER_GIB
    if settings.prometheus_memory_gib > memory_gib * MOST_OF_A_NODE:
        yield Violation(
            "monitoring.prometheus_memory_gib",
            settings.prometheus_memory_gib,
            f"must fit a system node: at most {int(memory_gib * MOST_OF_A_NODE)} on {smallest.name}",
            f"it has {memory_gib:g} GiB, of which a fifth is the system's and the agents'; the pod would stay pending",
            "take larger instance types for the system group, or less memory",
        )
