"""Real nodes, as the supervisor starts them."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from local_cluster.nodes.real.containerd import containerd
from local_cluster.nodes.real.kubelet import kubelet
from local_cluster.nodes.real.namespace import make_node
from local_cluster.nodes.real.network import add_node
from local_cluster.nodes.real.services import cluster_dns, kube_proxy
from local_cluster.nodes.real.site import RealNode, Site
from local_cluster.process import Process


def real_node(site: Site, node: RealNode) -> list[Process]:
    """Make a node's mounts and files, and say which programs it is made of.

    Raises:
        MissingToolError: when a mount is refused, or a program of the runtime is missing.
    """
    add_node(site.network, node.number)
    make_node(site.directory, node.name, site.network.node(node.number), site.network.address, _needed(site))
    return [containerd(site, node), kubelet(site, node)]


def shared_services(site: Site, nodes: Sequence[RealNode]) -> list[Process]:
    """What all real nodes share; to be started after them, because kube-proxy waits for the node that it is on."""
    return [cluster_dns(site), kube_proxy(site, nodes[0])]


def _needed(site: Site) -> Iterable[Path]:
    """What of the machine must be seen on a node."""
    libraries = [site.runtime.libraries] if site.runtime.libraries is not None else []
    own = [Path(sys.prefix), Path(__file__).resolve().parents[3]]
    return [*site.programs.values(), *site.runtime.search, site.runtime.plugins, *libraries, *own]
