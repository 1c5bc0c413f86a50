"""Which pods give way to which when a node is full.

Node agents take `system-node-critical`: a node whose logs and metrics nobody sees is broken. Platform pods take a
class of their own, above every Spark pod but below what the cluster itself needs, such as CoreDNS.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF

NODE_AGENT = "system-node-critical"
PLATFORM = "moka-platform"

# Pods without a class have 0; system classes start at 2,000,000,000.
PLATFORM_VALUE = 100_000


def platform_priority_class(*, opts: pulumi.ResourceOptions) -> kubernetes.scheduling.v1.PriorityClass:
    """The class of platform pods; one environment has it once.

    Args:
        opts: options of the component that owns it.
    """
    return kubernetes.scheduling.v1.PriorityClass(
        PLATFORM,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=PLATFORM, labels={"app.kubernetes.io/part-of": PART_OF}),
        value=PLATFORM_VALUE,
        description="Platform workloads: evict Spark pods before these.",
        opts=opts,
    )
