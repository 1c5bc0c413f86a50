"""The kubelet of a node, with a certificate that makes it that node and nothing more.

Its configuration is Kubernetes' own, but for what a machine that is shared needs. Leaves out reservations: the node
offers the whole machine, and several nodes on it offer the whole machine each.

Source: Kubernetes documentation, "Kubelet Configuration (v1beta1)" and "Using Node Authorization".
"""

import json
from pathlib import Path

from local_cluster.certificates import authority_file, issue
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.network import LOOPBACK
from local_cluster.nodes.real.containerd import SOCKET
from local_cluster.nodes.real.control_groups import node_group
from local_cluster.nodes.real.namespace import inside
from local_cluster.nodes.real.site import RealNode, Site
from local_cluster.process import Process
from local_cluster.waiting import answers


def kubelet(site: Site, node: RealNode) -> Process:
    """The process."""
    directory, name = site.directory, f"kubelet-{node.name}"
    client = issue(directory, name, f"system:node:{node.name}", ["system:nodes"])
    server = issue(directory, f"{name}-server", node.name, hosts=(node.name, site.network.node(node.number)))
    place = site.place(node)
    (place / "kubelet.json").write_text(json.dumps(configuration(site, node, server), indent=2))
    options = {
        "config": str(place / "kubelet.json"),
        "kubeconfig": str(kubeconfig_of(directory, site.ports, name, client)),
        "hostname-override": node.name,
        "node-ip": site.network.node(node.number),
        "root-dir": "/var/lib/kubelet",
    }
    if node.labels:
        options["node-labels"] = ",".join(f"{key}={value}" for key, value in node.labels.items())
    return Process(
        name,
        [*inside(node.name), str(site.programs["kubelet"]), *(f"--{key}={value}" for key, value in options.items())],
        lambda: answers(f"http://{LOOPBACK}:{node.health_port}/healthz"),
        site.runtime.environment,
    )


def configuration(site: Site, node: RealNode, server: tuple[Path, Path]) -> dict[str, object]:
    """The kubelet's configuration.

    Args:
        site: the cluster.
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
            "x509": {"clientCAFile": str(authority_file(site.directory))},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(certificate),
        "tlsPrivateKeyFile": str(key),
        "address": site.network.node(node.number),
        "healthzPort": node.health_port,
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": node_group(site.directory, node.name),
        # Version 1 is refused otherwise.
        "failCgroupV1": False,
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        # What is built here can't be pulled again.
        "imageGCHighThresholdPercent": 100,
        "clusterDNS": [site.network.address],
        "clusterDomain": "cluster.local",
        "resolvConf": str(site.place(node) / "etc" / "resolv.conf"),
        "maxPods": node.max_pods,
        "providerID": node.provider_id,
        "registerWithTaints": [dict(taint) for taint in node.taints],
        # Its default lies under /usr.
        "volumePluginDir": "/var/lib/kubelet/volume-plugins",
    }
