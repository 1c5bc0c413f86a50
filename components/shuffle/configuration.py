"""Celeborn's configuration file, which masters and workers share, as a pure function of what workers have.

Leaves out zones: Celeborn could be told to keep the two copies of a piece in different ones, by a script that maps
addresses to racks, and every byte would then cross a zone once more; a zone that is lost costs stages, not results.

Source: Apache Celeborn documentation, "Configuration", "Upgrading", "Security" (0.7.0).
"""

from components.shuffle.addresses import (
    FETCH_PORT,
    MASTER_HTTP_PORT,
    MASTER_INTERNAL_PORT,
    MASTER_PORT,
    PUSH_PORT,
    RAFT_PORT,
    REPLICATE_PORT,
    WORKER_HTTP_PORT,
    WORKER_INTERNAL_PORT,
    WORKER_RPC_PORT,
    master_endpoints,
    master_hosts,
)
from components.shuffle.capacity import FREE_RATIO, Workers

# The name that Celeborn looks for in its configuration directory.
FILE = "celeborn-defaults.conf"
METRICS_PATH = "/metrics/prometheus"
EVERY_ADDRESS = "0.0.0.0"

# Where a master keeps Raft's log, and a worker shuffles and what it remembers of them over a restart.
RAFT_DIRECTORY = "/data/raft"
SHUFFLE_DIRECTORY = "/data/shuffle"
RECOVERY_DIRECTORY = "/data/recovery"

# A worker that is told to stop takes nothing new, waits until what is being written is closed, then until what is
# being sorted is sorted. The two are its whole time.
CLOSING_SECONDS = 480
SORTING_SECONDS = 120
SHUTDOWN_SECONDS = CLOSING_SECONDS + SORTING_SECONDS
# What Kubernetes gives it on top, for the process itself. All of it fits into the fifteen minutes that Amazon EKS waits
# for a pod when it updates a node.
GRACE_SECONDS = SHUTDOWN_SECONDS + 60


def master_lines() -> dict[str, str]:
    """What masters need: each finds itself in the list by its address."""
    lines = {
        "celeborn.master.ha.enabled": "true",
        "celeborn.master.ha.ratis.raft.server.storage.dir": RAFT_DIRECTORY,
        # A master that goes hands leadership over first.
        "celeborn.master.ha.graceful.shutdown.enabled": "true",
        # Forwarded ports arrive at the loopback address.
        "celeborn.master.http.host": EVERY_ADDRESS,
        "celeborn.master.http.port": str(MASTER_HTTP_PORT),
    }
    for index, host in enumerate(master_hosts()):
        node = f"celeborn.master.ha.node.{index}"
        lines |= {
            f"{node}.host": host,
            f"{node}.port": str(MASTER_PORT),
            f"{node}.internal.port": str(MASTER_INTERNAL_PORT),
            f"{node}.ratis.port": str(RAFT_PORT),
        }
    return lines


def worker_lines(workers: Workers) -> dict[str, str]:
    """What workers need.

    Args:
        workers: their disk.
    """
    return {
        "celeborn.worker.storage.dirs": f"{SHUFFLE_DIRECTORY}:disktype=SSD:capacity={workers.disk_gib}Gi",
        # The disk is shared with images and logs, and the kubelet evicts pods before it is full.
        "celeborn.worker.storage.disk.reserve.ratio": str(FREE_RATIO),
        # It looks for a device by its name, and the directory lies on an array.
        "celeborn.worker.monitor.disk.enabled": "false",
        "celeborn.worker.rpc.port": str(WORKER_RPC_PORT),
        "celeborn.worker.push.port": str(PUSH_PORT),
        "celeborn.worker.fetch.port": str(FETCH_PORT),
        "celeborn.worker.replicate.port": str(REPLICATE_PORT),
        "celeborn.worker.internal.port": str(WORKER_INTERNAL_PORT),
        "celeborn.worker.http.host": EVERY_ADDRESS,
        "celeborn.worker.http.port": str(WORKER_HTTP_PORT),
        "celeborn.worker.graceful.shutdown.enabled": "true",
        "celeborn.worker.graceful.shutdown.checkSlotsFinished.timeout": f"{CLOSING_SECONDS}s",
        "celeborn.worker.graceful.shutdown.partitionSorter.shutdownTimeout": f"{SORTING_SECONDS}s",
        "celeborn.worker.graceful.shutdown.timeout": f"{SHUTDOWN_SECONDS}s",
        "celeborn.worker.graceful.shutdown.recoverPath": RECOVERY_DIRECTORY,
    }


def common_lines() -> dict[str, str]:
    """What both need."""
    return {
        "celeborn.master.endpoints": master_endpoints(),
        "celeborn.master.internal.endpoints": master_endpoints(MASTER_INTERNAL_PORT),
        # Each application has a secret of its own, and reads and deletes no other one's shuffles. Masters and workers
        # talk to each other on ports that applications cannot reach.
        "celeborn.auth.enabled": "true",
        "celeborn.internal.port.enabled": "true",
        # Clients name their user themselves, so a quota would hold nobody; queues limit what an application runs on.
        "celeborn.quota.enabled": "false",
        "celeborn.metrics.enabled": "true",
        "celeborn.metrics.prometheus.path": METRICS_PATH,
        # A series for each application and worker, and applications come by the thousand.
        "celeborn.metrics.worker.appLevel.enabled": "false",
    }


def celeborn_defaults(workers: Workers) -> str:
    """Content of the file.

    Args:
        workers: what each worker has.
    """
    lines = common_lines() | master_lines() | worker_lines(workers)
    return "".join(f"{key} {value}\n" for key, value in lines.items())
