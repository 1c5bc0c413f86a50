"""Who may open connections to a namespace's pods, and to which addresses these may open none.

What comes in is ruled by source and port. What goes out is free but for addresses of the node's own, since agents need
DNS, AWS, the kubelet and the API server, and jobs read what only their authors know. The kubelet's probes and port
forwarding come from the pod's own node, which the VPC CNI lets through.

Sources: Kubernetes documentation, "Network Policies"; Amazon EKS user guide, "Limit Pod traffic with Kubernetes
network policies" and "Understand how EKS Pod Identity works"; Amazon EC2 user guide, "Access instance metadata".
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

EVERYWHERE = "0.0.0.0/0"
# Addresses of the node's own: instance metadata, its time and name servers, and the pod identity agent.
LINK_LOCAL = "169.254.0.0/16"
POD_IDENTITY_AGENT = "169.254.170.23/32"
POD_IDENTITY_PORT = 80
# Read by `python -m offline reachability`.
REASON_KEY = "moka/reason"
REASON_OF_EGRESS = (
    "AWS services, image registries and what jobs read have no fixed addresses; security groups let out HTTPS alone, "
    "and link-local addresses are left out but for the pod identity agent"
)


def any_pod(zones: Iterable[IPv4Network]) -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Every pod and node of the cluster, as sources of traffic.

    By their address ranges: the VPC CNI turns a selector of every namespace into the addresses of all pods, and writes
    them anew for every node whenever a pod comes or goes (aws/aws-network-policy-agent#211).

    Args:
        zones: the zones' blocks for nodes and pods.
    """
    return within(zones)


def within(blocks: Iterable[IPv4Network]) -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Everybody with an address in some blocks, as sources of traffic.

    Args:
        blocks: address ranges.
    """
    return [
        Net.NetworkPolicyPeerArgs(ip_block=Net.IPBlockArgs(cidr=str(block)))
        for block in sorted(blocks, key=lambda block: int(block.network_address))
    ]


def pods_of(namespaces: Iterable[str]) -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Every pod of some namespaces, as a source of traffic.

    The VPC CNI writes their addresses anew whenever a pod comes or goes, on nodes of the pods that are reached: fit for
    services on few nodes.

    Args:
        namespaces: their names.
    """
    return [
        Net.NetworkPolicyPeerArgs(
            namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
                match_labels={"kubernetes.io/metadata.name": namespace}
            )
        )
        for namespace in sorted(namespaces)
    ]


def scrapers() -> list[kubernetes.networking.v1.NetworkPolicyPeerArgs]:
    """Pods that collect metrics, as a source of traffic."""
    return pods_of([SCRAPERS_NAMESPACE])


def bound_namespace(name: str, namespace: pulumi.Input[str], *, opts: pulumi.ResourceOptions) -> None:
    """What holds for all pods of a namespace: they are reached from inside of it alone, and reach no instance metadata.

    What else comes from elsewhere needs a policy of its own.

    Args:
        name: logical name of what owns the namespace.
        namespace: the namespace.
        opts: options of the component that owns it.
    """
    every_pod = kubernetes.meta.v1.LabelSelectorArgs()
    Net.NetworkPolicy(
        f"{name}-ingress",
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
    Net.NetworkPolicy(
        f"{name}-egress",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="no-instance-metadata",
            namespace=namespace,
            labels={"app.kubernetes.io/part-of": PART_OF},
            annotations={REASON_KEY: REASON_OF_EGRESS},
        ),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=every_pod,
            policy_types=["Egress"],
            egress=[
                Net.NetworkPolicyEgressRuleArgs(to=[_addresses(EVERYWHERE, LINK_LOCAL)]),
                Net.NetworkPolicyEgressRuleArgs(
                    to=[_addresses(POD_IDENTITY_AGENT)],
                    ports=[Net.NetworkPolicyPortArgs(protocol="TCP", port=POD_IDENTITY_PORT)],
                ),
            ],
        ),
        opts=opts,
    )


def _addresses(cidr: str, *excepted: str) -> kubernetes.networking.v1.NetworkPolicyPeerArgs:
    return Net.NetworkPolicyPeerArgs(ip_block=Net.IPBlockArgs(cidr=cidr, except_=list(excepted) or None))


def allow_from(
    name: str,
    workload: Workload,
    sources: Sequence[kubernetes.networking.v1.NetworkPolicyPeerArgs],
    ports: Sequence[int],
    *,
    purpose: str = "",
    opts: pulumi.ResourceOptions,
) -> kubernetes.networking.v1.NetworkPolicy:
    """Let sources outside the namespace reach a workload's TCP ports.

    Args:
        name: logical name.
        workload: whose pods it may reach.
        sources: who may; one at least, since a rule without any admits everybody.
        ports: port numbers of the pods.
        purpose: what tells it from other policies of the workload, in its name.
        opts: options of the component that owns it.
    """
    return Net.NetworkPolicy(
        name,
        metadata=workload.metadata(f"{workload.name}-{purpose}" if purpose else None),
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


def let_collectors_scrape(
    name: str, namespace: pulumi.Input[str], match_labels: dict[str, str], *, opts: pulumi.ResourceOptions
) -> kubernetes.networking.v1.NetworkPolicy:
    """Let collectors reach every TCP port of pods whose annotations say where their metrics are.

    Args:
        name: logical name.
        namespace: where the pods are.
        match_labels: labels of the pods.
        opts: options of the component that owns it.
    """
    return Net.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="collectors", namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        ),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=match_labels),
            policy_types=["Ingress"],
            ingress=[
                Net.NetworkPolicyIngressRuleArgs(from_=scrapers(), ports=[Net.NetworkPolicyPortArgs(protocol="TCP")])
            ],
        ),
        opts=opts,
    )
