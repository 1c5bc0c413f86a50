"""Who may open connections to a namespace's pods.

Only what comes in is ruled: outgoing traffic is free, since agents need DNS, AWS, the kubelet and the API server. The
kubelet's probes and port forwarding come from the pod's own node, which the VPC CNI lets through.

Source: Kubernetes documentation, "Network Policies"; Amazon EKS user guide, "Limit Pod traffic with Kubernetes
network policies".
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF
from components.workloads.workload import Workload

Net = kubernetes.networking.v1

# Where the collectors live, which scrape pods of every other namespace.
SCRAPERS_NAMESPACE = "monitoring"


def any_pod(zones: Iterable[IPv4Network]) -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Every pod and node of the cluster, as sources of traffic.

    By their address ranges: the VPC CNI turns a selector of every namespace into the addresses of all pods, and writes
    them anew for every node whenever a pod comes or goes (aws/aws-network-policy-agent#211).

    Args:
        zones: the zones' blocks for nodes and pods.
    """
    return [address_range(block) for block in sorted(zones, key=lambda block: int(block.network_address))]


def address_range(block: IPv4Network) -> kubernetes.networking.v1.NetworkPolicyPeerArgs:
    """Whoever has an address of a range, as a source of traffic.

    Args:
        block: the range, such as that of the control plane's addresses.
    """
    return Net.NetworkPolicyPeerArgs(ip_block=Net.IPBlockArgs(cidr=str(block)))


def scrapers() -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Pods that collect metrics, as a source of traffic."""
    return [
        Net.NetworkPolicyPeerArgs(
            namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
                match_labels={"kubernetes.io/metadata.name": SCRAPERS_NAMESPACE}
            )
        )
    ]


def own_namespace_only(
    name: str, namespace: pulumi.Input[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.networking.v1.NetworkPolicy:
    """Pods of the namespace reach each other; what comes from elsewhere needs a policy of its own.

    Args:
        name: logical name.
        namespace: the namespace.
        opts: options of the component that owns it.
    """
    every_pod = kubernetes.meta.v1.LabelSelectorArgs()
    return Net.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="own-namespace-only", namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        ),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=every_pod,
            policy_types=["Ingress"],
            ingress=[Net.NetworkPolicyIngressRuleArgs(from_=[Net.NetworkPolicyPeerArgs(pod_selector=every_pod)])],
        ),
        opts=opts,
    )


def allow_from(
    name: str,
    workload: Workload,
    sources: Sequence[kubernetes.networking.v1.NetworkPolicyPeerArgs],
    ports: Sequence[int],
    *,
    called: str | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.networking.v1.NetworkPolicy:
    """Let sources outside the namespace reach a workload's TCP ports.

    Args:
        name: logical name.
        workload: whose pods it may reach.
        sources: who may; one at least, since a rule without any admits everybody.
        ports: port numbers of the pods.
        called: physical name, where the workload has several policies.
        opts: options of the component that owns it.
    """
    return Net.NetworkPolicy(
        name,
        metadata=workload.metadata(called),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=workload.label_selector(),
            policy_types=["Ingress"],
            ingress=[
                Net.NetworkPolicyIngressRuleArgs(
                    from_=sources,
                    ports=[Net.NetworkPolicyPortArgs(protocol="TCP", port=port) for port in ports],
                )
            ],
        ),
        opts=opts,
    )
