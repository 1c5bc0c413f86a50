"""What Karpenter's chart is given: where it runs, what it is told of the cluster, and what it leaves alone.

Source: aws/karpenter-provider-aws v1.14.1, charts/karpenter/values.yaml; Karpenter documentation, "Settings".
"""

from math import ceil
from typing import Any

import pulumi

from components.account import Account
from components.capacity.names import CONTROLLER, METRICS_PORT, SERVICE_ACCOUNT
from components.images.image import Image
from components.workloads.labels import PART_OF
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes

REPLICAS = 2
# Karpenter's guide begins with 1 GiB. What a node, its pods and its claim take beside that is an estimate of ours; the
# alert on containers that run out of memory tells when it is too low.
BASE_MEMORY_MIB = 1024
MEMORY_MIB_A_NODE = 2
MEMORY_STEP_MIB = 256
BASE_CPU_MILLIS = 500
CPU_MILLIS_A_NODE = 1
MOST_CPU_MILLIS = 4000

# Every gate by name, so that none changes with a version of the chart. Nodes are repaired as those of node groups are:
# half an hour after the kubelet or the node monitoring agent has said that something is broken.
# Source: Karpenter documentation, "Disruption", Node Auto Repair.
FEATURE_GATES = {
    "nodeRepair": True,
    "nodeOverlay": False,
    "reservedCapacity": False,
    "spotToSpotConsolidation": False,
    "staticCapacity": False,
    "capacityBuffer": False,
}


def memory_mib(most_nodes: int) -> int:
    """Memory of a replica that watches so many nodes, in steps that a new node does not change."""
    return MEMORY_STEP_MIB * ceil((BASE_MEMORY_MIB + MEMORY_MIB_A_NODE * most_nodes) / MEMORY_STEP_MIB)


def cpu_millis(most_nodes: int) -> int:
    """CPU that a replica asks for, in thousandths."""
    return min(MOST_CPU_MILLIS, BASE_CPU_MILLIS + CPU_MILLIS_A_NODE * most_nodes)


def karpenter_values(
    account: Account, *, cluster_endpoint: pulumi.Input[str], queue_name: pulumi.Input[str], most_nodes: int
) -> dict[str, Any]:
    """Values of the chart.

    Args:
        account: the environment's account.
        cluster_endpoint: URL of the Kubernetes API.
        queue_name: name of the queue of interruptions.
        most_nodes: nodes that the pools may grow to, together.
    """
    memory = f"{memory_mib(most_nodes)}Mi"
    return {
        "replicas": REPLICAS,
        "additionalLabels": {"app.kubernetes.io/part-of": PART_OF},
        # Beside the labels of the chart itself, which this must not say again.
        "podLabels": {key: value for key, value in CONTROLLER.selector.items() if not key.endswith("/name")},
        # Made beside it, so that whoever gives it rights can be seen to give them to something that is there.
        "serviceAccount": {"create": False, "name": SERVICE_ACCOUNT},
        "priorityClassName": PLATFORM,
        # Replicas never share a node, and zones only where they must: the chart sees to both.
        "nodeSelector": {"kubernetes.io/os": "linux", **on_system_nodes()},
        "controller": {
            "image": _image(CONTROLLER.image.below(account.images)),
            "resources": {
                "requests": {"cpu": f"{cpu_millis(most_nodes)}m", "memory": memory},
                "limits": {"memory": memory},
            },
            # Else it asks the node's metadata, which are out of a pod's reach.
            "env": [{"name": "AWS_REGION", "value": account.region}],
            "metrics": {"port": METRICS_PORT},
        },
        "logLevel": "info",
        "settings": {
            "clusterName": account.cluster_name,
            "clusterEndpoint": cluster_endpoint,
            "interruptionQueue": queue_name,
            # It asks neither IAM for instance profiles, which are named to it, nor for prices of on-demand instances:
            # those that it was built with decide between types. Spot prices it asks of EC2.
            "isolatedVPC": True,
            "featureGates": FEATURE_GATES,
        },
    }


def _image(image: Image) -> dict[str, str]:
    # Where the chart's own digest stays, it would be that of another registry's image.
    return {"repository": image.repository, "tag": image.tag, "digest": image.digest or ""}
