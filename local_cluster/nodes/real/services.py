"""What all real nodes of a cluster share: kube-proxy, which gives services their addresses, and CoreDNS.

On Amazon EKS CoreDNS runs in pods behind a service; here it listens on the bridge, and needs no image.
Source: Kubernetes documentation, "kube-proxy Configuration (v1alpha1)"; CoreDNS manual, plugins kubernetes and template.
"""

import json
from pathlib import Path

from local_cluster.certificates import issue
from local_cluster.directory import ClusterDirectory
from local_cluster.nodes.real.kubeconfig import write_kubeconfig
from local_cluster.nodes.real.kubelet import RealNode, is_healthy
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.runtime import Runtime
from local_cluster.process import Process

# Names that AWS answers at; here the cluster's own AWS does.
AWS_ZONES = ("amazonaws.com", "api.aws", "amazonaws.com.cn")
CLUSTER_ZONES = ("cluster.local", "in-addr.arpa", "ip6.arpa")

_PROXY_HEALTH = "127.0.0.1:10256"
_DNS_HEALTH_PORT = 10255


def kube_proxy(
    program: Path, directory: ClusterDirectory, network: PodNetwork, node: RealNode, runtime: Runtime, api_server: str
) -> Process:
    """The process; one for all nodes, because they share a network.

    Args:
        program: the executable.
        directory: the cluster's.
        network: of the cluster.
        node: that it calls itself by; its pods are the ones that `internalTrafficPolicy: Local` means.
        runtime: what it calls.
        api_server: URL of the API server, from within the cluster's namespaces.
    """
    client = issue(directory, "kube-proxy", "system:kube-proxy")
    kubeconfig = write_kubeconfig(directory, "kube-proxy", api_server, client)
    settings = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(kubeconfig)},
        "clusterCIDR": network.pods,
        "hostnameOverride": node.name,
        "healthzBindAddress": _PROXY_HEALTH,
        "metricsBindAddress": "127.0.0.1:10249",
        # Limits of the machine's table of connections, which is not this cluster's alone.
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
    file = directory.nodes / "kube-proxy.json"
    file.write_text(json.dumps(settings, indent=2))
    return Process(
        "kube-proxy",
        [str(program), f"--config={file}"],
        lambda: is_healthy(int(_PROXY_HEALTH.rpartition(":")[2])),
        runtime.environment,
    )


def cluster_dns(program: Path, directory: ClusterDirectory, network: PodNetwork, api_server: str) -> Process:
    """The process.

    Args:
        program: the executable.
        directory: the cluster's.
        network: of the cluster.
        api_server: URL of the API server, from within the cluster's namespaces.
    """
    # No role of Kubernetes' own reads what CoreDNS does, and it is not a pod of this cluster that could be given one.
    client = issue(directory, "coredns", "coredns", ["system:masters"])
    kubeconfig = write_kubeconfig(directory, "coredns", api_server, client)
    file = directory.nodes / "Corefile"
    file.write_text(corefile(network, kubeconfig))
    return Process("coredns", [str(program), "-conf", str(file)], lambda: is_healthy(_DNS_HEALTH_PORT, "/health"))


def corefile(network: PodNetwork, kubeconfig: Path) -> str:
    """CoreDNS' configuration: the cluster's names, AWS's, and none beside those.

    Args:
        network: of the cluster.
        kubeconfig: how it reaches the API server.
    """
    return f"""\
{" ".join(CLUSTER_ZONES)} {{
  bind {network.address}
  kubernetes {" ".join(CLUSTER_ZONES)} {{
    kubeconfig {kubeconfig}
    ttl 5
  }}
  errors
}}
{" ".join(AWS_ZONES)} {{
  bind {network.address}
  template IN A {{
    answer "{{{{ .Name }}}} 60 IN A {network.address}"
  }}
  template ANY ANY {{
    rcode NOERROR
  }}
  errors
}}
. {{
  bind {network.address}
  health 127.0.0.1:{_DNS_HEALTH_PORT}
  template ANY ANY {{
    rcode NXDOMAIN
  }}
  errors
}}
"""
