"""A Kubernetes namespace with the Pod Security level that it enforces."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF
from components.workloads.security import Level, pod_security_labels


def namespace(name: str, level: Level, *, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.Namespace:
    """A namespace whose admission enforces a Pod Security level.

    Args:
        name: physical and logical name.
        level: the strictest level that its pods satisfy.
        opts: options of the component that owns it.
    """
    return kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": name,
            "labels": {"app.kubernetes.io/part-of": PART_OF, **pod_security_labels(level)},
        },
        opts=opts,
    )
