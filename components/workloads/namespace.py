"""A Kubernetes namespace with the Pod Security level that it enforces, whose default service account has no token.

Kubernetes gives every namespace that account, and every pod that names no other. It has no rights, but its token opens
the API to what everybody who is logged in may ask. Workloads have accounts of their own.

Source: Kubernetes documentation, "Configure Service Accounts for Pods", opt out of API credential automounting.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF
from components.workloads.security import Level, pod_security_labels
from components.workloads.workload import object_name

DEFAULT_ACCOUNT = "default"


def namespace(name: str, level: Level, *, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.Namespace:
    """A namespace whose admission enforces a Pod Security level.

    Args:
        name: physical and logical name.
        level: the strictest level that its pods satisfy.
        opts: options of the component that owns it.
    """
    space = kubernetes.core.v1.Namespace(
        f"{name}-namespace",
        metadata={
            "name": name,
            "labels": {"app.kubernetes.io/part-of": PART_OF, **pod_security_labels(level)},
        },
        opts=opts,
    )
    # A patch: the account is Kubernetes' own, which makes it again whenever it is deleted.
    kubernetes.core.v1.ServiceAccountPatch(
        f"{name}-default-account",
        metadata=kubernetes.meta.v1.ObjectMetaPatchArgs(name=DEFAULT_ACCOUNT, namespace=object_name(space.metadata)),
        automount_service_account_token=False,
        # It goes with its namespace. Asked to take a patch back in one that somebody has deleted, the provider fails.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(deleted_with=space)),
    )
    return space
