"""Where pods may run: the node labels and taints of a workload kind, spread over zones, tolerations.

Node groups label their nodes with `moka/workload` and taint Spark nodes with the same key, so that only pods that
ask for a kind of node get it.
"""

import pulumi_kubernetes as kubernetes

WORKLOAD_KEY = "moka/workload"
SYSTEM = "system"


def on_system_nodes() -> dict[str, str]:
    """Node selector of platform pods: the untainted system group."""
    return {WORKLOAD_KEY: SYSTEM}


def on_every_node() -> list[kubernetes.core.v1.TolerationArgs]:
    """Tolerations of a node agent: it runs whatever taint a node carries, now or later."""
    return [kubernetes.core.v1.TolerationArgs(operator="Exists")]


def spread_over_zones(match_labels: dict[str, str]) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
    """Replicas in different zones where possible, and on different nodes.

    Args:
        match_labels: selector labels of the workload.
    """
    selector = kubernetes.meta.v1.LabelSelectorArgs(match_labels=match_labels)
    return [
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1, topology_key=key, when_unsatisfiable="ScheduleAnyway", label_selector=selector
        )
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
