"""What a pool's nodes are for, how many there may be and when they go, as Karpenter's NodePool.

No taint for the time until a node is ready is needed: Karpenter puts one of its own on, and the node is not ready
before its CNI is.

Source: Karpenter documentation, "NodePools" and "Disruption".
"""

from collections.abc import Sequence
from typing import Any

from components.capacity.settings import DisruptionBudget, NodePoolSettings
from components.cluster.node_launch import node_labels, node_taints

GROUP = "karpenter.k8s.aws"
KIND = "EC2NodeClass"
# What Kubernetes calls the processors.
ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
CONSOLIDATION = {
    "when-empty": "WhenEmpty",
    "balanced": "Balanced",
    "when-empty-or-underutilized": "WhenEmptyOrUnderutilized",
}
NEVER = "Never"


def node_pool_spec(name: str, settings: NodePoolSettings, zones: Sequence[str]) -> dict[str, Any]:
    """Requirements, limits, weight and disruption of a pool.

    Args:
        name: of the pool, and of its EC2NodeClass.
        settings: its settings.
        zones: availability zones of its nodes.
    """
    node: dict[str, Any] = {
        "nodeClassRef": {"group": GROUP, "kind": KIND, "name": name},
        "requirements": _requirements(settings, zones),
        "taints": [
            {"key": each.key, "value": each.value, "effect": each.effect} for each in node_taints(settings.workload)
        ],
        "expireAfter": NEVER if settings.expire_after_hours is None else f"{settings.expire_after_hours}h",
    }
    if settings.termination_grace_minutes is not None:
        node["terminationGracePeriod"] = f"{settings.termination_grace_minutes}m"
    return {
        "weight": settings.weight,
        # The number of nodes is bounded too, so that what is reckoned with holds for whichever types come.
        "limits": {
            "cpu": str(settings.limits.vcpus),
            "memory": f"{settings.limits.memory_gib}Gi",
            "nodes": str(settings.most_nodes),
        },
        "disruption": {
            "consolidationPolicy": CONSOLIDATION[settings.consolidation],
            "consolidateAfter": f"{settings.consolidate_after_minutes}m",
            "budgets": [_budget(settings.disruption_budgets[each]) for each in sorted(settings.disruption_budgets)],
        },
        "template": {"metadata": {"labels": node_labels(settings.workload)}, "spec": node},
    }


def _requirements(settings: NodePoolSettings, zones: Sequence[str]) -> list[dict[str, Any]]:
    wanted = {
        "kubernetes.io/os": ["linux"],
        "kubernetes.io/arch": [ARCHITECTURES[settings.architecture]],
        "karpenter.sh/capacity-type": [settings.capacity],
        "node.kubernetes.io/instance-type": list(settings.instance_types),
        "topology.kubernetes.io/zone": list(zones),
    }
    return [{"key": key, "operator": "In", "values": values} for key, values in wanted.items()]


def _budget(budget: DisruptionBudget) -> dict[str, Any]:
    entry: dict[str, Any] = {"nodes": budget.nodes}
    if budget.reasons:
        entry["reasons"] = [each.capitalize() for each in budget.reasons]
    if budget.schedule is not None:
        entry |= {"schedule": budget.schedule, "duration": f"{budget.duration_minutes}m"}
    return entry
