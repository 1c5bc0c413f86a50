"""The Kubernetes object of a node, as the kubelet of an instance in a managed node group registers it."""

from dataclasses import dataclass
from typing import Any

from local_cluster.nodes import kind_of_node
from local_cluster.nodes.kwok import ANNOTATION, SIMULATED
from offline.checks.kubernetes.room import Room

# What the kubelet of a real node says of itself.
_OWN = ("kubernetes.io/hostname", "kubernetes.io/arch", "kubernetes.io/os")


@dataclass(frozen=True)
class PlannedNode:
    """One node of a node group.

    Args:
        name: such as EC2 gives: the private DNS name of an instance.
        group: logical name of the node group's resource.
        instance_type: such as m7g.xlarge.
        zone: availability zone.
        labels: all of the node's.
        taints: key, value and effect of each.
        capacity: CPU, memory and pods of the instance.
        allocatable: what of it pods may ask for.
        storage_bytes: what its file system for pods holds.
        allocatable_storage_bytes: what of it pods may ask for.
    """

    name: str
    group: str
    instance_type: str
    zone: str
    labels: dict[str, str]
    taints: tuple[dict[str, str], ...]
    capacity: Room
    allocatable: Room
    storage_bytes: int
    allocatable_storage_bytes: int


def simulated_node(planned: PlannedNode) -> dict[str, Any]:
    """The object of a node that KWOK plays."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": planned.name,
            "labels": planned.labels | {kind_of_node.LABEL: kind_of_node.SIMULATED},
            "annotations": {ANNOTATION: SIMULATED},
        },
        "spec": {
            "providerID": f"aws:///{planned.zone}/i-{planned.name.partition('.')[0].removeprefix('ip-')}",
            "taints": list(planned.taints),
        },
    }


def simulated_status(planned: PlannedNode) -> dict[str, Any]:
    """The status of a simulated node, which its kubelet would report."""
    return {
        "status": {
            "capacity": _resources(planned.capacity, planned.storage_bytes),
            "allocatable": _resources(planned.allocatable, planned.allocatable_storage_bytes),
        }
    }


def real_node_as(planned: PlannedNode) -> dict[str, str]:
    """Labels of a real node that stands for a planned one; its host name and architecture are its own."""
    return {name: value for name, value in planned.labels.items() if name not in _OWN}


def _resources(room: Room, storage_bytes: int) -> dict[str, str]:
    return {
        "cpu": f"{room.cpu}m",
        "memory": f"{room.memory // 1024}Ki",
        "pods": str(room.pods),
        "ephemeral-storage": str(storage_bytes),
    }
