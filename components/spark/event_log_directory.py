"""The directory of each node in which drivers keep what Amazon S3 does not have yet of their event logs.

Applications that run on one node at the same time can read and change each other's open event logs there, whatever
their teams, which they can't in the bucket. A driver on a node without the directory waits and says why; one that could
not write there would fail.
"""

from components.cluster.node_config import EVENT_LOG_DIRECTORY
from components.workloads.node_directory import NodeDirectory

CLAIM = "spark-event-logs"


def event_log_directory(namespace: str) -> NodeDirectory:
    """The directory as drivers of one namespace see it; a volume has one claim, and all show the same.

    The claim goes with its namespace: Kubernetes keeps a claim for as long as a pod uses it, so deleting it alone would
    wait for the last application to end.

    Args:
        namespace: namespace of the drivers.
    """
    return NodeDirectory(EVENT_LOG_DIRECTORY, "Directory", f"moka-{namespace}-event-logs", namespace, CLAIM)
