"""Who opens the pages of a team's drivers from outside of its namespace: the team's own proxy.

Leaves out whom the namespace admits anyway, executors and collectors, which stands with the team.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.spark.driver_budget import DRIVER_LABELS
from components.spark_ui.routes import UI_PORT
from components.workloads.labels import PART_OF
from components.workloads.workload import Workload

Net = kubernetes.networking.v1


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
    from_proxy = Net.NetworkPolicyPeerArgs(
        namespace_selector=kubernetes.meta.v1.LabelSelectorArgs(
            match_labels={"kubernetes.io/metadata.name": proxy.namespace}
        ),
        pod_selector=proxy.label_selector(),
    )
    return Net.NetworkPolicy(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="live-ui", namespace=namespace, labels={"app.kubernetes.io/part-of": PART_OF}
        ),
        spec=Net.NetworkPolicySpecArgs(
            pod_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=DRIVER_LABELS),
            policy_types=["Ingress"],
            ingress=[
                Net.NetworkPolicyIngressRuleArgs(
                    from_=[from_proxy], ports=[Net.NetworkPolicyPortArgs(protocol="TCP", port=UI_PORT)]
                )
            ],
        ),
        opts=opts,
    )
