"""Which pods give way to which when a node is full.

Node agents take `system-node-critical`: a node whose logs and metrics nobody sees is broken. Platform pods take a
class of their own, above every Spark pod but below what the cluster itself needs, such as CoreDNS. Those whose volume
ties them to a zone stand above those that can go to another: after drains, or when a replica is added, the only node of
a zone may be full of pods that any node would do for.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF

NODE_AGENT = "system-node-critical"
PLATFORM = "moka-platform"
ZONAL = "moka-platform-zonal"

# Pods without a class have 0; system classes start at 2,000,000,000.
_VALUES = {PLATFORM: 100_000, ZONAL: 200_000}
_DESCRIPTIONS = {
    PLATFORM: "Platform workloads: evict Spark pods before these.",
    ZONAL: "Platform workloads with a volume: evict platform pods that can go to another zone before these.",
}


def platform_priority_classes(*, opts: pulumi.ResourceOptions) -> list[kubernetes.scheduling.v1.PriorityClass]:
    """The classes of platform pods; one environment has them once.

    Args:
        opts: options of the component that owns them.
    """
    return [
        kubernetes.scheduling.v1.PriorityClass(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, labels={"app.kubernetes.io/part-of": PART_OF}),
            value=value,
            description=_DESCRIPTIONS[name],
            opts=opts,
        )
        for name, value in _VALUES.items()
    ]
