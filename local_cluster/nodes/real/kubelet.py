"""The kubelet of a node, with a certificate that makes it that node and nothing more.

Its configuration is Kubernetes' own, but for what a machine that is shared needs. Leaves out reservations: the node
offers the whole machine, and several nodes on it offer the whole machine each.

Source: Kubernetes documentation, "Kubelet Configuration (v1beta1)" and "Using Node Authorization".
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.containerd import SOCKET
from local_cluster.nodes.real.control_groups import node_group
from local_cluster.nodes.real.kubeconfig import write_kubeconfig
from local_cluster.nodes.real.namespace import inside
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.process import Process

_PORT, _HEALTH_PORT, _STEP = 10250, 10248, 10
_SECONDS = 2.0


@dataclass(frozen=True)
class RealNode:
    """A node whose containers run.

    Args:
        name: of the node.
        number: from 1; sets its ports and its pods' addresses.
        labels: what the kubelet may say of itself (NodeRestriction, "Node isolation/restriction").
        taints: as `key=value:Effect`.
        max_pods: how many pods it takes.
        provider_id: what AWS would call the machine.
    """

    name: str
    number: int
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[str] = ()
    max_pods: int = 110
    provider_id: str = ""

    @property
    def port(self) -> int:
        """Of the kubelet."""
        return _PORT + _STEP * (self.number - 1)

    @property
    def health_port(self) -> int:
        """Of the kubelet's health check, on loopback."""
        return _HEALTH_PORT + _STEP * (self.number - 1)


def kubelet(
    program: Path, directory: ClusterDirectory, network: PodNetwork, node: RealNode, runtime: Runtime, api_server: str
) -> Process:
    """The process.

    Args:
        program: the executable.
        directory: the cluster's.
        network: of the cluster.
        node: what it stands for.
        runtime: what it calls.
        api_server: URL of the API server, from within the cluster's namespaces.
    """
    place = directory.nodes / node.name
    client = issue(directory, f"kubelet-{node.name}", f"system:node:{node.name}", ["system:nodes"])
    kubeconfig = write_kubeconfig(directory, f"kubelet-{node.name}", api_server, client)
    server = issue(directory, f"kubelet-server-{node.name}", node.name, hosts=(node.name, network.address))
    (place / "resolv.conf").write_text(f"nameserver {network.address}\n")
    settings = configuration(directory, network, node, server)
    (place / "kubelet.json").write_text(json.dumps(settings, indent=2))
    options = {
        "config": str(place / "kubelet.json"),
        "kubeconfig": str(kubeconfig),
        "hostname-override": node.name,
        "root-dir": "/var/lib/kubelet",
    }
    if node.labels:
        options["node-labels"] = ",".join(f"{key}={value}" for key, value in node.labels.items())
    return Process(
        f"kubelet-{node.name}",
        [*inside(node.name), str(program), *(f"--{key}={value}" for key, value in options.items())],
        lambda: is_healthy(node.health_port),
        runtime.environment,
    )


def configuration(
    directory: ClusterDirectory, network: PodNetwork, node: RealNode, server: tuple[Path, Path]
) -> dict[str, object]:
    """The kubelet's configuration.

    Args:
        directory: the cluster's.
        network: of the cluster.
        node: what it stands for.
        server: its certificate and key.
    """
    certificate, key = server
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(directory.pki / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(certificate),
        "tlsPrivateKeyFile": str(key),
        "port": node.port,
        "healthzPort": node.health_port,
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": node_group(directory, node.name),
        # Version 1 is refused otherwise.
        "failCgroupV1": False,
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        # What is built here can't be pulled again.
        "imageGCHighThresholdPercent": 100,
        "clusterDNS": [network.address],
        "clusterDomain": "cluster.local",
        "resolvConf": str(directory.nodes / node.name / "resolv.conf"),
        "maxPods": node.max_pods,
        "providerID": node.provider_id,
        "registerWithTaints": [taint(each) for each in node.taints],
        # Its default lies under /usr.
        "volumePluginDir": "/var/lib/kubelet/volume-plugins",
    }


def taint(text: str) -> dict[str, str]:
    """A taint from `key=value:Effect`, or `key:Effect`."""
    left, _, effect = text.rpartition(":")
    key, _, value = left.partition("=")
    return {"key": key, "effect": effect} | ({"value": value} if value else {})


def is_healthy(port: int, path: str = "/healthz") -> bool:
    """Whether a health check on loopback answers with success."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
