"""What logs take of a node's disk while Amazon S3 can't be reached, against what the disk has.

Unsent lines lie uncompressed in the agent's store directories: Fluent Bit compresses an object when it uploads it.
Nodes whose types have local NVMe volumes keep pods' own log files, images and emptyDir volumes on these; the agent's
state, the journal and Spark's blocks stay on the root volume. Leaves out the size of the NVMe volumes, which the
kubelet watches, and emptyDir volumes, which the pods that have them must answer for.

Source: Fluent Bit 5.0, plugins/out_s3/s3.c; awslabs/amazon-eks-ami, setup-local-disks; Kubernetes documentation,
"Node-pressure Eviction" and "Logging Architecture"; systemd, journald.conf(5).
"""

from dataclasses import dataclass

from components.cluster.node_settings import NodeSettings
from components.logs.settings import LogsSettings

KIB_PER_GIB = 1024 * 1024
MIB_PER_GIB = 1024
SECONDS_PER_HOUR = 3600

# Amazon Linux 2023 with what Amazon EKS adds takes about 5 GiB; as much again is left for packages and core files.
OPERATING_SYSTEM_GIB = 10
# journald's own limit: a tenth of the file system, and never more than this.
JOURNAL_GIB = 4
# Images and containers' writable layers, of which the kubelet removes unused ones first.
IMAGES_GIB = 20
# Lines on their way from a file to a store directory, in Fluent Bit's own format with metadata.
CHUNKS_GIB = 1
# As components/cluster/node_config.py tells the kubelet: a file of this size, and so many for each container.
CONTAINER_LOG_MIB = 50
CONTAINER_LOG_FILES = 5
# Each driver's open block, and one that is being uploaded or was left behind by a driver that died.
BLOCKS_PER_DRIVER = 2
# The kubelet removes images, then evicts pods, below 15 % of the disk that holds images; alerts fire there too.
KEPT_FREE = 0.15


@dataclass(frozen=True)
class DiskBudget:
    """What one node of a group or pool keeps on its root volume, in GiB, each at its worst.

    Args:
        unsent: lines of the longest outage.
        chunks: lines on their way to a store directory.
        event_logs: Spark's blocks of open event logs.
        journal: node services' lines.
        container_logs: files that the kubelet rotates; 0 where they lie on NVMe volumes.
        others: operating system, and images where they lie there.
        available: what the volume has for all of these.
    """

    unsent: float
    chunks: float
    event_logs: float
    journal: float
    container_logs: float
    others: float
    available: float

    @property
    def needed(self) -> float:
        """Sum of the demands."""
        return self.unsent + self.chunks + self.event_logs + self.journal + self.container_logs + self.others

    @property
    def fits(self) -> bool:
        """Whether the volume holds them all."""
        return self.needed <= self.available

    @property
    def fitting_volume_gib(self) -> int:
        """Size of a volume that holds them all."""
        # One more, for what the journal may grow with the volume.
        return int(self.needed / (1 - KEPT_FREE)) + 1 + JOURNAL_GIB


def disk_budget(settings: LogsSettings, nodes: NodeSettings, event_log_roll_mib: int) -> DiskBudget:
    """The budget of a node group's or pool's nodes.

    Args:
        settings: log rate and length of the longest outage.
        nodes: the node group or pool.
        event_log_roll_mib: size at which Spark begins another file of an event log.
    """
    drivers = nodes.max_pods if nodes.takes_drivers else 0
    rate = settings.node_log_kib_per_second
    return DiskBudget(
        unsent=rate * settings.longest_outage_hours * SECONDS_PER_HOUR / KIB_PER_GIB,
        chunks=CHUNKS_GIB,
        event_logs=drivers * BLOCKS_PER_DRIVER * event_log_roll_mib / MIB_PER_GIB,
        journal=min(JOURNAL_GIB, nodes.root_volume_gib / 10),
        container_logs=0 if nodes.has_nvme else nodes.max_pods * CONTAINER_LOG_MIB * CONTAINER_LOG_FILES / MIB_PER_GIB,
        others=OPERATING_SYSTEM_GIB + (0 if nodes.has_nvme else IMAGES_GIB),
        available=nodes.root_volume_gib * (1 - KEPT_FREE),
    )
