"""Who opens connections and whom they reach: pods of a workload, nodes, or an address that stands for a service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from offline.reachability.ports import EVERY_PORT, Ports
from offline.reachability.selection import Labels


@dataclass(frozen=True)
class Pods:
    """What network policies know of pods.

    Args:
        namespace: where they are.
        labels: of the pods.
        namespace_labels: of the namespace.
        named_ports: name of a container's port to what it stands for; None where nobody knows the containers.
    """

    namespace: str
    labels: Labels
    namespace_labels: Labels
    named_ports: Mapping[str, Ports] | None = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """One row and column of the matrix.

    Args:
        name: as it is shown; namespace before the workload for pods.
        networks: the addresses that it may have.
        pods: None for what is no pod, and for pods on their node's network, which policies do not bind.
        groups: ids of the security groups of its network interfaces; empty where it has none of the stack's.
        listens: ports on which it can answer at all.
        service_networks: addresses by which pods call it that no interface has: network policies see these.
        is_in_cluster: whether it is a node, or on one.
        is_link_local: whether it is an address of each node's own, which security groups do not filter.
        admits: ranges that a service lets in by itself, whatever stands before it; None where it asks nobody.
        opens: whether it opens connections, too.
    """

    name: str
    networks: tuple[IPv4Network, ...]
    pods: Pods | None = None
    groups: frozenset[str] = frozenset()
    listens: Ports = EVERY_PORT
    service_networks: tuple[IPv4Network, ...] = ()
    is_in_cluster: bool = False
    is_link_local: bool = False
    admits: tuple[IPv4Network, ...] | None = None
    opens: bool = False

    @property
    def is_pods(self) -> bool:
        """Whether network policies bind it."""
        return self.pods is not None
