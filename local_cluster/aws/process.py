"""The process that plays AWS for a cluster: `python -m local_cluster.aws`."""

from local_cluster.certificates import authority_file
from local_cluster.directory import ClusterDirectory
from local_cluster.network import LOOPBACK, Ports
from local_cluster.process import Process
from local_cluster.python_process import python_process
from local_cluster.waiting import answers
from local_cluster.webhooks import HEALTH_PATH


def aws(directory: ClusterDirectory, ports: Ports, *options: str) -> Process:
    """The process.

    Args:
        directory: the cluster's.
        ports: that of the webhooks among them.
        options: what else it is told.
    """
    url = f"https://{LOOPBACK}:{ports.webhooks}{HEALTH_PATH}"
    told = ("--deployment", str(directory.deployment), "--webhook-port", str(ports.webhooks), *options)
    return python_process(
        "aws", "local_cluster.aws", directory, *told, is_ready=lambda: answers(url, authority_file(directory))
    )
