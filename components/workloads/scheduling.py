"""Where pods may run: the node labels and taints of a workload kind, spread over zones, tolerations.

Node groups label their nodes with `moka/workload` and taint all but system nodes with the same key, so that only pods
that ask for a kind of node get it.
"""

import pulumi_kubernetes as kubernetes

WORKLOAD_KEY = "moka/workload"
SYSTEM = "system"
SHUFFLE = "shuffle"


def on_system_nodes() -> dict[str, str]:
    """Node selector of platform pods: the untainted system group."""
    return {WORKLOAD_KEY: SYSTEM}


def on_shuffle_nodes() -> dict[str, str]:
    """Node selector of what serves shuffles; such nodes are tainted as well."""
    return {WORKLOAD_KEY: SHUFFLE}


def tolerate_shuffle_nodes() -> list[kubernetes.core.v1.TolerationArgs]:
    """Toleration of the taint that keeps every other pod off these nodes."""
    return [kubernetes.core.v1.TolerationArgs(key=WORKLOAD_KEY, operator="Equal", value=SHUFFLE, effect="NoSchedule")]


def one_on_each_node(match_labels: dict[str, str]) -> kubernetes.core.v1.AffinityArgs:
    """No two replicas on one node, whatever happens.

    Args:
        match_labels: selector labels of the workload.
    """
    return kubernetes.core.v1.AffinityArgs(
        pod_anti_affinity=kubernetes.core.v1.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[
                kubernetes.core.v1.PodAffinityTermArgs(
                    topology_key="kubernetes.io/hostname",
                    label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=match_labels),
                )
            ]
        )
    )


def on_every_node() -> list[kubernetes.core.v1.TolerationArgs]:
    """Tolerations of a node agent: it runs whatever taint a node carries, now or later."""
    return [kubernetes.core.v1.TolerationArgs(operator="Exists")]


def spread_over_zones(
    match_labels: dict[str, str], *, required_zones: int = 1
) -> list[kubernetes.core.v1.TopologySpreadConstraintArgs]:
    """Replicas in different zones, and on different nodes where possible.

    Args:
        match_labels: selector labels of the workload.
        required_zones: zones that replicas stand in without fail; with more than one, a replica rather waits than
            shares a zone. With one, they share where they must.
    """
    selector = kubernetes.meta.v1.LabelSelectorArgs(match_labels=match_labels)
    required = required_zones > 1
    return [
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key="topology.kubernetes.io/zone",
            when_unsatisfiable="DoNotSchedule" if required else "ScheduleAnyway",
            # Otherwise zones that have no node at the moment would not count, and all replicas fit into the one left.
            min_domains=required_zones if required else None,
            label_selector=selector,
        ),
        kubernetes.core.v1.TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key="kubernetes.io/hostname",
            when_unsatisfiable="ScheduleAnyway",
            label_selector=selector,
        ),
    ]
