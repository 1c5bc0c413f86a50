"""The network of a cluster with real nodes, all of it in a network namespace of the cluster's own.

Every pod hangs on a link of its own, and what one pod sends another is routed, as by Amazon's VPC CNI: on a bridge,
answers of a service would pass by the rules that translated its address, unless the kernel has br_netfilter. The bridge
has no ports and carries the address at which pods find the API server, DNS and AWS, and one for each node. Nodes are
not machines apart: they share the namespace, so two pods in the host's network can't listen on one port. Leaves out
IPv6 and the way out to the world.
"""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_cluster.network import BRIDGE, SERVICE_RANGE
from offline.errors import MissingToolError

DEVICE = "moka0"
_FIRST_NODE = 10
_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")


@dataclass(frozen=True)
class PodNetwork:
    """Addresses of a cluster.

    Args:
        address: of the bridge: of the API server, DNS and AWS.
        prefix: first two numbers of the pods' addresses; a node's number is the third.
        services: range of the services' addresses.
        agent: where pods ask for credentials (Amazon EKS user guide, "Learn how EKS Pod Identity works").
    """

    address: str = BRIDGE
    prefix: str = "10.88"
    services: str = SERVICE_RANGE
    agent: str = "169.254.170.23"

    @property
    def pods(self) -> str:
        """Range of all pods."""
        return f"{self.prefix}.0.0/16"

    def node(self, number: int) -> str:
        """Address of a node, counted from 1; agents on it find its kubelet there, at the usual port."""
        return f"{self.prefix}.0.{_FIRST_NODE + number}"

    def pods_of(self, number: int) -> str:
        """Range of the pods of a node, counted from 1."""
        return f"{self.prefix}.{number}.0/24"


@dataclass(frozen=True)
class Cni:
    """The configuration with which a node's pods get their links.

    Args:
        network: of the cluster.
        number: of the node.
    """

    network: PodNetwork
    number: int
    version: str = "1.0.0"
    capabilities: Mapping[str, bool] = field(default_factory=lambda: {"portMappings": True})

    def document(self) -> dict[str, object]:
        """The file's content. Source: CNI documentation, plugins ptp, host-local and portmap."""
        addresses = {
            "type": "host-local",
            "ranges": [[{"subnet": self.network.pods_of(self.number)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        }
        return {
            "cniVersion": self.version,
            "name": "moka",
            "plugins": [{"type": "ptp", "ipam": addresses}, {"type": "portmap", "capabilities": self.capabilities}],
        }


def make_network(network: PodNetwork) -> None:
    """Set up the namespace in which this process is; what exists already stays.

    Raises:
        MissingToolError: when `ip` of iproute2 is missing or refused.
    """
    if Path(f"/sys/class/net/{DEVICE}").exists():
        return
    for command in commands(network):
        run(command)
    _FORWARD.write_text("1")


def commands(network: PodNetwork) -> Sequence[Sequence[str]]:
    """What sets the namespace up."""
    return [
        ["ip", "link", "set", "lo", "up"],
        ["ip", "link", "add", DEVICE, "type", "bridge"],
        ["ip", "address", "add", f"{network.address}/24", "dev", DEVICE],
        ["ip", "address", "add", f"{network.agent}/32", "dev", DEVICE],
        ["ip", "link", "set", DEVICE, "up"],
        # The kubelet takes its node's address from there.
        ["ip", "route", "add", "default", "via", network.address, "dev", DEVICE],
    ]


def add_node(network: PodNetwork, number: int) -> None:
    """Give a node its address.

    Raises:
        MissingToolError: when `ip` of iproute2 is missing or refused.
    """
    run(["ip", "address", "add", f"{network.node(number)}/24", "dev", DEVICE])


def run(command: Sequence[str]) -> None:
    """Run a command that sets something up.

    Raises:
        MissingToolError: in its own words, when it is missing or fails.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise MissingToolError(f"{command[0]} is needed for real nodes and does not run: {error}") from error
    if done.returncode != 0:
        raise MissingToolError(f"{' '.join(command)} failed: {done.stderr.strip()}")
