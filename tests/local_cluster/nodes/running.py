"""A cluster of real nodes and nothing beside it: `python -m tests.local_cluster.nodes.running`, in namespaces.

Leaves out what Amazon EKS adds to a control plane; the project's own way to start a cluster is tested elsewhere.
"""

import argparse
import sys
from pathlib import Path

from local_cluster.certificates import make_authority
from local_cluster.control_plane.api_server import administrator, api_server
from local_cluster.control_plane.clients import controller_manager, kubeconfig_of, scheduler
from local_cluster.control_plane.etcd import etcd
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.namespace import prepare
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.node import real_node, shared_services
from local_cluster.nodes.real.runtime import find_runtime
from local_cluster.nodes.real.site import RealNode, Site
from local_cluster.process import Process
from local_cluster.settings import ports_of
from local_cluster.supervisor import Supervisor, programs_of
from offline.progress import say


def processes(site: Site, nodes: list[RealNode]) -> list[Process]:
    """All of the cluster's programs, in the order in which they start."""
    directory, ports, programs = site.directory, site.ports, site.programs
    return [
        etcd(programs["etcd"], directory, ports),
        api_server(programs["kube-apiserver"], directory, ports, address=site.network.address),
        controller_manager(programs["kube-controller-manager"], directory, ports),
        scheduler(programs["kube-scheduler"], directory, ports),
        *(process for node in nodes for process in real_node(site, node)),
        *shared_services(site, nodes),
    ]


def main() -> None:
    """Run until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--program", action="append", default=[], help="name=path, one for each program")
    options = parser.parse_args()
    directory, network = ClusterDirectory(options.directory, "test"), PodNetwork()
    directory.make()
    make_authority(directory)
    kubeconfig_of(directory, ports_of(directory), "administrator", administrator(directory))
    prepare(directory, network)
    site = Site(directory, network, ports_of(directory), programs_of(options.program), find_runtime(say))
    nodes = [RealNode(f"real-{number}", number, {"moka/number": str(number)}) for number in range(1, options.nodes + 1)]
    sys.exit(Supervisor(directory, processes(site, nodes)).run())


if __name__ == "__main__":
    main()
