"""The process behind a cluster that is up: `python -m local_cluster.running`.

It knows which programs a cluster has and in which order they start; `local_cluster.supervisor` does the rest.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local_cluster.aws.authentication import api_server_authentication
from local_cluster.aws.process import aws
from local_cluster.control_plane.api_server import api_server
from local_cluster.control_plane.clients import controller_manager, scheduler
from local_cluster.control_plane.etcd import etcd
from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports
from local_cluster.nodes.kwok import kwok
from local_cluster.process import Process
from local_cluster.settings import ports_of
from local_cluster.supervisor import Supervisor, hold, programs_of
from local_cluster.volumes.process import volumes

_BUSY = 3


def main() -> None:
    """Run one cluster until it is told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--program", action="append", default=[], help="name=path, one for each program")
    options = parser.parse_args()
    directory = ClusterDirectory(options.directory, options.stack)
    lock = hold(directory)
    if lock is None:
        sys.exit(_BUSY)
    with lock:
        processes = control_plane(programs_of(options.program), directory, ports_of(directory))
        sys.exit(Supervisor(directory, processes).run())


def control_plane(programs: Mapping[str, Path], directory: ClusterDirectory, ports: Ports) -> Sequence[Process]:
    """What every cluster has, in the order in which it starts."""
    return [
        etcd(programs["etcd"], directory, ports),
        aws(directory, ports),
        api_server(programs["kube-apiserver"], directory, ports, api_server_authentication(directory, ports.webhooks)),
        controller_manager(programs["kube-controller-manager"], directory, ports),
        scheduler(programs["kube-scheduler"], directory, ports),
        kwok(programs["kwok"], directory, ports),
        volumes(directory),
    ]


if __name__ == "__main__":
    main()
