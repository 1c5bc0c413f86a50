"""What all real nodes of a cluster share: kube-proxy, which gives services their addresses, and CoreDNS.

On Amazon EKS CoreDNS runs in pods behind a service; here it listens on the bridge, and needs no image.
Source: Kubernetes documentation, "kube-proxy Configuration (v1alpha1)"; CoreDNS manual, "kubernetes", "template".
"""

import json
from pathlib import Path

from local_cluster.certificates import issue
from local_cluster.control_plane.api_server import ADMINISTRATORS
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.network import LOOPBACK
from local_cluster.nodes.real.network import PodNetwork
from local_cluster.nodes.real.site import RealNode, Site
from local_cluster.process import Process
from local_cluster.waiting import answers

# Names that AWS answers at; here the cluster's own AWS does.
AWS_ZONES = ("amazonaws.com", "api.aws", "amazonaws.com.cn")
CLUSTER_ZONES = ("cluster.local", "in-addr.arpa", "ip6.arpa")

_PROXY_HEALTH = f"{LOOPBACK}:10256"
_DNS_HEALTH = f"{LOOPBACK}:10255"


def kube_proxy(site: Site, node: RealNode) -> Process:
    """The process; one for all nodes, because they share a network.

    Args:
        site: the cluster.
        node: that it calls itself by; its pods are the ones that `internalTrafficPolicy: Local` means.
    """
    client = issue(site.directory, "kube-proxy", "system:kube-proxy")
    kubeconfig = kubeconfig_of(site.directory, site.ports, "kube-proxy", client)
    settings = {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clientConnection": {"kubeconfig": str(kubeconfig)},
        "clusterCIDR": site.network.pods,
        "hostnameOverride": node.name,
        "healthzBindAddress": _PROXY_HEALTH,
        "metricsBindAddress": f"{LOOPBACK}:10249",
        # Limits of the machine's table of connections, which is not this cluster's alone.
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }
    file = site.directory.nodes / "kube-proxy.json"
    file.write_text(json.dumps(settings, indent=2))
    return Process(
        "kube-proxy",
        [str(site.programs["kube-proxy"]), f"--config={file}"],
        lambda: answers(f"http://{_PROXY_HEALTH}/healthz"),
        site.runtime.environment,
    )


def cluster_dns(site: Site) -> Process:
    """The process."""
    # No role of Kubernetes' own reads what CoreDNS does, and it is not a pod of this cluster that could be given one.
    client = issue(site.directory, "coredns", "coredns", [ADMINISTRATORS])
    file = site.directory.nodes / "Corefile"
    file.write_text(corefile(site.network, kubeconfig_of(site.directory, site.ports, "coredns", client)))
    command = [str(site.programs["coredns"]), "-conf", str(file)]
    return Process("coredns", command, lambda: answers(f"http://{_DNS_HEALTH}/health"))


def corefile(network: PodNetwork, kubeconfig: Path) -> str:
    """CoreDNS' configuration: the cluster's names, AWS's, and none beside those.

    Args:
        network: the pods'.
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
  health {_DNS_HEALTH}
  template ANY ANY {{
    rcode NXDOMAIN
  }}
  errors
}}
"""
