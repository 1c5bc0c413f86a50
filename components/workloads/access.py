"""Who a workload is to the Kubernetes API, and what it may ask there."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload, object_name


def service_account(
    name: str, workload: Workload, *, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.ServiceAccount:
    """The workload's service account; whether a pod gets its token is the pod's own decision."""
    return kubernetes.core.v1.ServiceAccount(
        name, metadata=workload.metadata(), automount_service_account_token=False, opts=opts
    )


def grant_cluster_role(
    name: str,
    workload: Workload,
    rules: Sequence[kubernetes.rbac.v1.PolicyRuleArgs],
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.rbac.v1.ClusterRoleBinding:
    """A cluster role of the given rules, bound to the workload's service account.

    Args:
        name: logical name of both objects.
        workload: who gets it.
        rules: what it may do.
        opts: options of the component that owns it.
    """
    role = kubernetes.rbac.v1.ClusterRole(name, metadata=workload.cluster_metadata(), rules=list(rules), opts=opts)
    return kubernetes.rbac.v1.ClusterRoleBinding(
        name,
        metadata=workload.cluster_metadata(),
        role_ref=kubernetes.rbac.v1.RoleRefArgs(
            api_group="rbac.authorization.k8s.io",
            kind="ClusterRole",
            name=object_name(role.metadata),
        ),
        subjects=[
            kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=workload.name, namespace=workload.namespace)
        ],
        opts=opts,
    )


def grant_role(
    name: str,
    workload: Workload,
    namespace: pulumi.Input[str],
    rules: Sequence[kubernetes.rbac.v1.PolicyRuleArgs],
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.rbac.v1.RoleBinding:
    """A role of the given rules in one namespace, bound to the workload's service account.

    Args:
        name: logical name of both objects.
        workload: who gets it.
        namespace: where it holds; the workload may live elsewhere.
        rules: what it may do there.
        opts: options of the component that owns it.
    """
    metadata = kubernetes.meta.v1.ObjectMetaArgs(name=workload.name, namespace=namespace, labels=workload.labels)
    role = kubernetes.rbac.v1.Role(name, metadata=metadata, rules=list(rules), opts=opts)
    return kubernetes.rbac.v1.RoleBinding(
        name,
        metadata=metadata,
        role_ref=kubernetes.rbac.v1.RoleRefArgs(
            api_group="rbac.authorization.k8s.io", kind="Role", name=object_name(role.metadata)
        ),
        subjects=[
            kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=workload.name, namespace=workload.namespace)
        ],
        opts=opts,
    )
