"""Every kind of pod has nodes that take it."""

from collections.abc import Iterable, Mapping

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation

# What runs -> the workloads of node groups and pools that take it.
TAKEN_BY = {
    "platform pods": {"system"},
    "Spark drivers": {"spark", "spark-driver"},
    "Spark executors": {"spark", "spark-executor"},
}


def rules_of_workloads(
    groups: Mapping[str, NodeGroupSettings], pools: Mapping[str, NodePoolSettings]
) -> Iterable[Violation]:
    """Platform pods, drivers and executors each have nodes, platform pods at once, and no two go by one name.

    Args:
        groups: node groups by name.
        pools: node pools by name.
    """
    workloads = {each.workload for each in (*groups.values(), *pools.values())}
    for what, takers in TAKEN_BY.items():
        if not workloads & takers:
            yield Violation(
                "node_groups",
                sorted(groups),
                f"must hold a group whose workload takes {what}",
                "their pods would stay pending for ever",
                "add a group with workload system, spark, spark-driver or spark-executor",
            )
    for name, group in groups.items():
        if group.workload == "system" and group.size < 1:
            yield Violation(
                f"node_groups.{name}.size",
                group.size,
                "must be at least 1 for the system group",
                "CoreDNS and the other controllers need a node before anything else can run",
                "write 2 or more",
            )
    for name in sorted(groups.keys() & pools.keys()):
        yield Violation(
            f"node_pools.{name}",
            name,
            "must not have the name of a node group",
            "instances and volumes are named after it, and nobody could tell fixed capacity from elastic",
            f"write another name, such as {name}-elastic",
        )
