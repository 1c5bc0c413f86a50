"""Where a cluster's parts listen.

Simulated nodes need nothing but this machine's loopback. With real nodes the cluster stands in a network namespace of
its own, where pods reach the API server at the bridge's address; a person's `kubectl` and the engine, which stand
outside, come in over loopback all the same.
"""

from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
BRIDGE = "10.88.0.1"
BRIDGE_RANGE = "10.88.0.0/16"
# The service addresses that Amazon EKS chooses for a VPC outside 172.16.0.0/12, as this project's are.
SERVICE_RANGE = "172.20.0.0/16"
API_SERVER_SERVICE = "172.20.0.1"


@dataclass(frozen=True)
class Ports:
    """TCP ports on loopback, chosen when a cluster is made and kept: its address is in the state.

    Args:
        api_server: of the API server, for those outside.
        etcd: for its clients.
        etcd_peer: for its peers, of which there are none.
        webhooks: of the webhooks that Amazon EKS has in its control plane.
        kwok: of the simulator of nodes.
        admission: of the webhook that sends pods to real nodes or to simulated ones.
    """

    api_server: int
    etcd: int
    etcd_peer: int
    webhooks: int
    kwok: int
    admission: int
