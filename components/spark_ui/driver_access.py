"""Who may open a connection to a team's drivers: the team's own pods, the collectors, and the team's proxy.

As soon as one policy selects a driver, what none admits is kept out; so all three stand here.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.spark_ui.routes import UI_PORT
from components.workloads.labels import PART_OF
from components.workloads.network_policy import scrapers
from components.workloads.workload import Workload

Net = kubernetes.networking.v1

DRIVER_LABELS = {"spark-role": "driver"}


def admit_proxy(
    name: str, namespace: pulumi.Input[str], proxy: Workload, *, opts: pulumi.ResourceOptions
) -> kubernetes.networking.v1.NetworkPolicy:
    """Let the team's proxy, and no other team's, reach the pages of the team's drivers.

    Args:
        name: logical name.
        namespace: the team's.
        proxy: the team's proxy, in its own namespace.
        opts: options of the component that owns it.
    """
    every_pod = kubernetes.meta.v1.LabelSelectorArgs()
    from_proxy = Net.NetworkPolicyPeerArgs(
        namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
            match_labels={"kubernetes.io/metadata.name": proxy.namespace}
        ),
        pod_selector=proxy.label_selector(),
    )
    page = [Net.NetworkPolicyPortArgs(protocol="TCP", port=UI_PORT)]
    return Net.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="live-ui", namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        ),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=DRIVER_LABELS),
            policy_types=["Ingress"],
            ingress=[
                Net.NetworkPolicyIngressRuleArgs(from_=[Net.NetworkPolicyPeerArgs(pod_selector=every_pod)]),
                Net.NetworkPolicyIngressRuleArgs(from_=[*scrapers(), from_proxy], ports=page),
            ],
        ),
        opts=opts,
    )
