"""Every kind of pod has a node group that takes it."""

from collections.abc import Iterable, Mapping

from components.cluster.node_group_settings import NodeGroupSettings
from components.model import Violation

# What runs -> the workloads of node groups that take it.
TAKEN_BY = {
    "platform pods": {"system"},
    "Spark drivers": {"spark", "spark-driver"},
    "Spark executors": {"spark", "spark-executor"},
}


def rules_of_workloads(groups: Mapping[str, NodeGroupSettings]) -> Iterable[Violation]:
    """Platform pods, drivers and executors each have a group, and platform pods a node.

    Args:
        groups: node groups by name.
    """
    workloads = {group.workload for group in groups.values()}
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
