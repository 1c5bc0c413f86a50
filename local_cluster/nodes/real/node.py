"""A real node, as the supervisor starts it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.containerd import containerd
from local_cluster.nodes.real.kubelet import RealNode, kubelet
from local_cluster.nodes.real.namespace import make_node
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.nodes.real.services import cluster_dns, kube_proxy
from local_cluster.process import Process


def real_node(
    directory: ClusterDirectory,
    network: PodNetwork,
    node: RealNode,
    programs: Mapping[str, Path],
    runtime: Runtime,
    api_server: str,
) -> list[Process]:
    """Make a node's mounts and files, and say which programs it is made of.

    Args:
        directory: the cluster's.
        network: of the cluster.
        node: what it stands for.
        programs: `kubelet` among them.
        runtime: the container runtime.
        api_server: URL of the API server, from within the cluster's namespaces.

    Raises:
        MissingToolError: when a mount is refused, or a program of the runtime is missing.
    """
    make_node(directory, node.name, _needed(programs, runtime))
    return [
        containerd(directory, network, node.name, node.number, runtime),
        kubelet(programs["kubelet"], directory, network, node, runtime, api_server),
    ]


def shared_services(
    directory: ClusterDirectory,
    network: PodNetwork,
    nodes: Sequence[RealNode],
    programs: Mapping[str, Path],
    runtime: Runtime,
    api_server: str,
) -> list[Process]:
    """What all real nodes share.

    Args:
        directory: the cluster's.
        network: of the cluster.
        nodes: all of them.
        programs: `kube-proxy` and `coredns` among them.
        runtime: the container runtime.
        api_server: URL of the API server, from within the cluster's namespaces.
    """
    return [
        cluster_dns(programs["coredns"], directory, network, api_server),
        kube_proxy(programs["kube-proxy"], directory, network, nodes[0], runtime, api_server),
    ]


def _needed(programs: Mapping[str, Path], runtime: Runtime) -> Iterable[Path]:
    libraries = [runtime.libraries] if runtime.libraries is not None else []
    return [*programs.values(), *runtime.search, runtime.plugins, *libraries]
