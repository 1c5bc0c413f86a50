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
from local_cluster.encryption.configuration import encryption_configuration
from local_cluster.encryption.process import encryption_provider
from local_cluster.network import LOOPBACK, Ports
from local_cluster.nodes.kwok import kwok
from local_cluster.nodes.real.admission import admission
from local_cluster.nodes.real.namespace import prepare
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.node import real_node, shared_services
from local_cluster.nodes.real.runtime import find_runtime
from local_cluster.nodes.real.site import Site, unassigned_nodes
from local_cluster.nodes.real.way_in import way_in
from local_cluster.process import Process
from local_cluster.settings import ports_of
from local_cluster.supervisor import Supervisor, hold, programs_of
from local_cluster.volumes.csi_node import csi_node
from local_cluster.volumes.process import volumes
from offline.progress import say

_BUSY = 3


def main() -> None:
    """Run one cluster until it is told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--program", action="append", default=[], help="name=path, one for each program")
    parser.add_argument("--real-nodes", type=int, default=0, help="how many; it runs in namespaces of its own then")
    parser.add_argument("--way-in", type=int, help="number of the socket that listens outside of them")
    options = parser.parse_args()
    directory, programs = ClusterDirectory(options.directory, options.stack), programs_of(options.program)
    lock = hold(directory)
    if lock is None:
        sys.exit(_BUSY)
    with lock:
        if options.real_nodes:
            processes = with_real_nodes(programs, directory, options.real_nodes, options.way_in)
        else:
            processes = with_simulated_nodes(programs, directory, ports_of(directory))
        sys.exit(Supervisor(directory, processes).run())


def with_simulated_nodes(programs: Mapping[str, Path], directory: ClusterDirectory, ports: Ports) -> Sequence[Process]:
    """What every cluster has, in the order in which it starts."""
    return [
        etcd(programs["etcd"], directory, ports),
        aws(directory, ports),
        *_control_plane(programs, directory, ports),
        kwok(programs["kwok"], directory, ports),
        volumes(directory),
    ]


def with_real_nodes(
    programs: Mapping[str, Path], directory: ClusterDirectory, count: int, listener: int
) -> Sequence[Process]:
    """What a cluster with nodes of both kinds has, in the order in which it starts; sets up its namespaces.

    Args:
        programs: executables by name.
        directory: the cluster's.
        count: of the real nodes.
        listener: number of the socket that listens outside of the namespaces.
    """
    ports, network = ports_of(directory), PodNetwork()
    prepare(directory, network)
    site = Site(directory, network, ports, programs, find_runtime(say))
    nodes = unassigned_nodes(count)
    inside = f"https://{LOOPBACK}:{ports.api_server}"
    return [
        way_in(listener, ports.api_server),
        etcd(programs["etcd"], directory, ports),
        aws(directory, ports, "--bridge", network.address, "--api-server", inside),
        admission(directory, ports),
        *_control_plane(programs, directory, ports, network.address),
        kwok(programs["kwok"], directory, ports),
        volumes(directory),
        *(process for node in nodes for process in (*real_node(site, node), csi_node(directory, node.name))),
        *shared_services(site, nodes),
    ]


def _control_plane(
    programs: Mapping[str, Path], directory: ClusterDirectory, ports: Ports, address: str = LOOPBACK
) -> Sequence[Process]:
    authentication, encryption = (
        api_server_authentication(directory, ports.webhooks),
        encryption_configuration(directory),
    )
    return [
        encryption_provider(directory),
        api_server(programs["kube-apiserver"], directory, ports, authentication, encryption, address=address),
        controller_manager(programs["kube-controller-manager"], directory, ports),
        scheduler(programs["kube-scheduler"], directory, ports),
    ]


if __name__ == "__main__":
    main()
