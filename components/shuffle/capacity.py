"""What Celeborn's workers have, by the nodes that are kept for them: how many, how much memory, how much disk.

A worker has a node to itself. Its disk is the array of the node's local NVMe volumes, which also holds images and the
logs of pods. Leaves out CPU and network, of which local storage types have enough for their disks.

Source: Apache Celeborn documentation, "Cluster Planning" (workers = twice the shuffle data / disk of a node).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from components.cluster.instance_type import InstanceType
from components.cluster.node_group_settings import NodeGroupSettings
from components.workloads.scheduling import SHUFFLE

BYTES_PER_GB = 1000**3
BYTES_PER_GIB = 1024**3
MIB_PER_GIB = 1024
# The kernel's, the kubelet's and the node agents' part of a node; a worker takes the rest, because pages that it wrote
# or read and that the kernel keeps are counted against its own limit.
WORKERS_SHARE = 0.8
# Buffers of what is being written, sorted and sent; what the kernel keeps of files serves readers better than more.
DIRECT_SHARE = 0.25
# Names and states of partitions.
HEAP_SHARE = 1 / 16
SMALLEST_HEAP_GIB = 2
# Below 15 % of a disk the kubelet removes images, then evicts pods. Workers take no more data some way before.
FREE_RATIO = 0.2
# Images, logs and writable layers of the few pods of such a node.
OTHERS_GIB = 30
# What a Java process takes besides its heap and its buffers.
OVERHEAD_GIB = 1
# With less there is nothing left for buffers.
SMALLEST_NODE_GIB = 16


@dataclass(frozen=True)
class Workers:
    """Celeborn's workers, all of one size.

    Args:
        count: how many: one for each node.
        cpus: CPUs that each requests.
        memory_mib: memory that each requests and is limited to.
        heap_gib: heap of the Java process.
        direct_gib: its buffers outside of the heap.
        disk_gib: shuffle data that each holds.
    """

    count: int
    cpus: int
    memory_mib: int
    heap_gib: int
    direct_gib: int
    disk_gib: int

    def holds_gib(self, copies: int) -> int:
        """Shuffle data that fits while one worker is away.

        Args:
            copies: how often each piece is kept.
        """
        return (self.count - 1) * self.disk_gib // copies


def workers_on(groups: Iterable[NodeGroupSettings]) -> Workers | None:
    """The workers of an environment, each as large as its smallest node allows; None where no node is kept for them.

    Args:
        groups: the environment's node groups.
    """
    kept = [each for each in groups if each.workload == SHUFFLE and each.size]
    if not kept:
        return None
    types = [each for group in kept for each in group.types]
    memory_mib = int(min(each.memory_mib for each in types) * WORKERS_SHARE)
    memory_gib = memory_mib // MIB_PER_GIB
    return Workers(
        count=sum(each.size for each in kept),
        cpus=max(1, int(min(each.vcpus for each in types) * WORKERS_SHARE)),
        memory_mib=memory_mib,
        heap_gib=max(SMALLEST_HEAP_GIB, int(memory_gib * HEAP_SHARE)),
        direct_gib=max(1, int(memory_gib * DIRECT_SHARE)),
        disk_gib=min(usable_disk_gib(each) for each in types),
    )


def usable_disk_gib(instance: InstanceType) -> int:
    """What the array of a type's local volumes has for shuffle data.

    Args:
        instance: the type; one without such volumes has none.
    """
    array_gib = instance.nvme_gb * BYTES_PER_GB / BYTES_PER_GIB
    return max(0, int(array_gib * (1 - FREE_RATIO)) - OTHERS_GIB)
