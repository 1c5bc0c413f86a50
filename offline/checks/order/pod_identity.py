"""An association of EKS Pod Identity takes effect before the pods that it is for are admitted.

Credentials are injected into a pod when it is admitted, and never later. An association takes effect some seconds after
the call that makes it. So it stands before the node groups, which take minutes: before the pods of DaemonSets, which
come with nodes, and before pods that come from outside of the stack. Objects that make pods wait for it, because pods
are admitted long before a node has room for them; so does a service account, without which no pod that names it is
admitted.

Leaves out stacks of several clusters, and names that a preview does not know yet.

Sources: Amazon EKS API reference, CreatePodIdentityAssociation; aws/amazon-eks-pod-identity-webhook, README; Kubernetes
documentation, "Configure Service Accounts for Pods", ServiceAccount admission controller.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import KubernetesObject, known_text
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_ADDON = "aws:eks/addon:Addon"
_SOURCE = "Amazon EKS API reference, CreatePodIdentityAssociation"
_FOR_LIFE = "a pod that is admitted before it takes effect has no credentials for life"
# Namespace and service accounts of add-ons whose pods need no node to be admitted. The VPC CNI is none of them: its
# pods come with nodes.
# Source: Amazon EKS user guide, the page of each add-on under "AWS add-ons".
_OF_ADDONS = {
    "amazon-cloudwatch-observability": ("amazon-cloudwatch", {"cloudwatch-agent"}),
    "aws-ebs-csi-driver": ("kube-system", {"ebs-csi-controller-sa"}),
    "aws-efs-csi-driver": ("kube-system", {"efs-csi-controller-sa"}),
    "aws-mountpoint-s3-csi-driver": ("kube-system", {"s3-csi-driver-sa"}),
}


@dataclass(frozen=True)
class _Association:
    """One association, and whose pods it is for."""

    resource: Resource
    namespace: str
    service_account: str


def associations_come_before_pods(judge: str, stack: Stack) -> Iterable[Finding]:
    """Node groups, add-ons, service accounts and whatever makes pods wait for the associations of these pods."""
    associations = list(_associations(stack))
    node_groups = [each for each in stack.resources if each.type == _NODE_GROUP]
    for group in node_groups:
        if late := [each.resource.name for each in associations if each.resource.urn not in group.waits_for]:
            rule = f"does not wait for the association {', '.join(sorted(late))}: {_FOR_LIFE}"
            fix = "Make every association before the node groups"
            yield Finding.of(judge, group, "", "", rule=rule, source=_SOURCE, fix=fix)
    groups = frozenset(each.urn for each in node_groups)
    for association in associations:
        for user, place, value in _users(stack, association):
            if reason := _comes_too_early(user, association, groups):
                rule = f"belongs to the association {association.resource.name}, {reason}: {_FOR_LIFE}"
                fix = "Make the association before the node groups, and let this wait for a node group"
                yield Finding.of(judge, user, place, value, rule=rule, source=_SOURCE, fix=fix)


def _comes_too_early(user: Resource, association: _Association, node_groups: frozenset[str]) -> str:
    """Why a resource may come before the association takes effect; empty where it does not."""
    if association.resource.urn not in user.waits_for:
        return "for which it does not wait"
    if node_groups and not node_groups & user.waits_for:
        return "which takes effect some seconds after it is made, and it waits for no node group"
    return ""


def _associations(stack: Stack) -> Iterator[_Association]:
    for resource in stack.resources:
        if resource.type == _ASSOCIATION:
            inputs = resource.plain_inputs
            yield _Association(resource, known_text(inputs.get("namespace")), known_text(inputs.get("serviceAccount")))


def _users(stack: Stack, association: _Association) -> Iterator[tuple[Resource, str, str]]:
    """Whatever lets pods of the association come: the resource, the place that shows it, and what stands there."""
    name = association.service_account
    for found in stack.objects:
        if found.namespace == association.namespace and (place := _place(found, name)):
            yield found.resource, place, name
    for resource in stack.resources:
        addon = known_text(resource.plain_inputs.get("addonName")) if resource.type == _ADDON else ""
        namespace, names = _OF_ADDONS.get(addon, ("", set[str]()))
        if namespace == association.namespace and name in names:
            yield resource, "addonName", addon


def _place(found: KubernetesObject, service_account: str) -> str:
    """Where an object is or names a service account; empty where it does not."""
    if found.kind == "ServiceAccount":
        return "metadata.name" if found.name == service_account else ""
    if found.pods is None:
        return ""
    named = known_text(found.pods.spec.get("serviceAccountName", "default"))
    return f"{found.pods.path}.serviceAccountName" if named and named == service_account else ""
