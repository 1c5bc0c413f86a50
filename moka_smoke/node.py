"""What a node is, by its labels: of which node group or pool, how it is bought, and for which architecture.

Source: Amazon EKS user guide, "Managed node groups", labels; Karpenter, "Well-Known Labels"; Kubernetes, "Well-Known
Labels, Annotations and Taints".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_NODE_GROUP, _GROUP_CAPACITY = "eks.amazonaws.com/nodegroup", "eks.amazonaws.com/capacityType"
_NODE_POOL, _POOL_CAPACITY = "karpenter.sh/nodepool", "karpenter.sh/capacity-type"
_TYPE, _ARCHITECTURE = "node.kubernetes.io/instance-type", "kubernetes.io/arch"


def described(labels: Mapping[str, str]) -> str:
    """A node in words, such as `node pool elastic-graviton, spot, m7gd.2xlarge, arm64`."""
    if pool := labels.get(_NODE_POOL):
        where, capacity = f"node pool {pool}", labels.get(_POOL_CAPACITY, "")
    elif group := labels.get(_NODE_GROUP):
        where, capacity = f"node group {group}", labels.get(_GROUP_CAPACITY, "").lower().replace("_", "-")
    else:
        where, capacity = "no node group or pool", ""
    known = (where, capacity, labels.get(_TYPE, ""), labels.get(_ARCHITECTURE, ""))
    return ", ".join(each for each in known if each)


def where(pods: Sequence[Mapping[str, Any]], labels_of: Callable[[str], Mapping[str, str]]) -> str:
    """Which pod is on which node.

    Args:
        pods: that have a node.
        labels_of: name of a node to its labels.
    """
    told = ((each["metadata"]["name"], each["spec"]["nodeName"]) for each in pods)
    return "; ".join(f"{pod} on {node} ({described(labels_of(node))})" for pod, node in told)
