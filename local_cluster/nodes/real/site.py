"""What real nodes are made from: the cluster that they belong to, and what each of them stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports
from local_cluster.nodes import kind_of_node
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.roster import names
from local_cluster.nodes.real.runtime import Runtime

# Keeps pods from a real node for as long as it stands for no node of the stack.
UNASSIGNED = {"key": "moka.dev/unassigned", "value": "", "effect": "NoSchedule"}

_HEALTH_PORT, _STEP = 10248, 10


@dataclass(frozen=True)
class Site:
    """Where real nodes stand.

    Args:
        directory: the cluster's.
        network: the pods'.
        ports: the API server's among them.
        programs: `kubelet`, `kube-proxy` and `coredns`.
        runtime: the container runtime.
    """

    directory: ClusterDirectory
    network: PodNetwork
    ports: Ports
    programs: Mapping[str, Path]
    runtime: Runtime

    def place(self, node: "RealNode") -> Path:
        """What a node stores."""
        return self.directory.nodes / node.name


@dataclass(frozen=True)
class RealNode:
    """A node whose containers run.

    Args:
        name: of the node.
        number: from 1; sets its address, its pods' addresses and the port of its health check.
        labels: what the kubelet may say of itself (NodeRestriction, "Node isolation/restriction").
        taints: key, value and effect of each.
        max_pods: how many pods it takes.
        provider_id: what AWS would call the machine.
    """

    name: str
    number: int
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Mapping[str, str]] = ()
    max_pods: int = 110
    provider_id: str = ""

    @property
    def health_port(self) -> int:
        """Of the kubelet's health check, on loopback."""
        return _HEALTH_PORT + _STEP * (self.number - 1)


def unassigned_nodes(count: int) -> list[RealNode]:
    """Real nodes before anything is known of the stack."""
    labels = {kind_of_node.LABEL: kind_of_node.REAL}
    return [RealNode(name, number, labels, [UNASSIGNED]) for number, name in enumerate(names(count), start=1)]
