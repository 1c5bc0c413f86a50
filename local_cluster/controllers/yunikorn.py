"""YuniKorn's scheduler, which reads the stack's queues from the stack's ConfigMaps, as its pod would.

Its admission controller is left out. It writes `schedulerName` into pods that lack it, and every pod of Spark names its
scheduler; into which queue a pod goes follows from its namespace alone (`components/scheduler/queue_file.py`).

Source: apache/yunikorn-k8shim 1.8, pkg/conf/schedulerconf.go (environment) and pkg/client/kubeclient.go.
"""

import socket
from pathlib import Path

from components.scheduler.manifests import ALIVE
from components.scheduler.workloads import NAMESPACE, SCHEDULER, SCHEDULER_PORT
from local_cluster.controllers.service_account import service_account_kubeconfig
from local_cluster.directory import ClusterDirectory
from local_cluster.errors import ClusterError
from local_cluster.images.programs.yunikorn import PROGRAMS, YUNIKORN
from local_cluster.network import LOOPBACK, Ports
from local_cluster.process import Process
from local_cluster.programs.project import find
from local_cluster.waiting import answers
from offline.progress import Say

REST = f"http://{LOOPBACK}:{SCHEDULER_PORT}"

_PROGRAM = PROGRAMS["scheduler"][0]


def find_yunikorn(report: Say) -> Path:
    """The scheduler's program.

    Raises:
        MissingToolError: when it can't be had.
    """
    return find([YUNIKORN], report)[_PROGRAM]


def yunikorn(program: Path, directory: ClusterDirectory, ports: Ports, kubeconfig: Path | None = None) -> Process:
    """The process, which has the rights of the stack's own service account.

    Args:
        program: the executable.
        directory: the cluster's.
        ports: the API server's among them.
        kubeconfig: other rights, for a cluster without a stack.

    Raises:
        ClusterError: when another program listens on its port, which can't be chosen; that would be asked instead.
    """
    _require_port(directory)
    return Process(
        SCHEDULER,
        [str(program)],
        lambda: answers(f"{REST}{ALIVE}"),
        {
            "KUBECONFIG": str(kubeconfig or service_account_kubeconfig(directory, ports, NAMESPACE, SCHEDULER)),
            "NAMESPACE": NAMESPACE,
        },
    )


def _require_port(directory: ClusterDirectory) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # It listens on every address.
            probe.bind(("", SCHEDULER_PORT))
        except OSError as error:
            raise ClusterError(
                f"Port {SCHEDULER_PORT} is in use ({error.strerror}), and YuniKorn of the cluster of "
                f"{directory.stack} listens there and nowhere else: end the program that does "
                f"(`ss -ltnp 'sport = :{SCHEDULER_PORT}'` names it), such as another cluster's YuniKorn."
            ) from error
