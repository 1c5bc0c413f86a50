"""Planted mistakes in the order of resources: what is made too early, and every call would still be answered."""

from tests.checks.planted import Inputs, Planted
from tests.stack_files import settings_tree

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_ADDON = "aws:eks/addon:Addon"
_SERVICE_ACCOUNT = "spec.template.spec.serviceAccountName"
_GROUPS = frozenset((_NODE_GROUP, f"{name}-nodes") for name in settings_tree("production")["node_groups"])


def _as_it_is(_inputs: Inputs) -> None:
    """The inputs are right; only the order is wrong."""


def _without(kind: str, name: str, place: str, *associations: str, says: str = "for which it does not wait") -> Planted:
    """A resource that no longer waits for associations."""
    cut = frozenset((_ASSOCIATION, f"{each}-pod") for each in associations)
    return Planted(kind, name, _as_it_is, "order", place, says, cut=cut)


def _at_once(kind: str, name: str, place: str) -> Planted:
    """A resource that waits for its association, and for nothing that takes longer than that to take effect."""
    return Planted(kind, name, _as_it_is, "order", place, "waits for no node group", cut=_GROUPS)


ORDER_MISTAKES = [
    _without("kubernetes:apps/v1:DaemonSet", "fluent-bit-agent", _SERVICE_ACCOUNT, "fluent-bit"),
    _without("kubernetes:apps/v1:DaemonSet", "collectors-agent", _SERVICE_ACCOUNT, "collectors-agent"),
    _without("kubernetes:apps/v1:Deployment", "cluster-events", _SERVICE_ACCOUNT, "cluster-events"),
    _without("kubernetes:apps/v1:Deployment", "history-server", _SERVICE_ACCOUNT, "history-server"),
    _without("kubernetes:apps/v1:StatefulSet", "alertmanager", _SERVICE_ACCOUNT, "alertmanager"),
    _without(
        "kubernetes:batch/v1:CronJob",
        "log-canary-checker",
        "spec.jobTemplate.spec.template.spec.serviceAccountName",
        "log-canary",
    ),
    # Drivers and executors come from outside of the stack, and none before their service account.
    _without("kubernetes:core/v1:ServiceAccount", "spark-jobs", "metadata.name", "spark-jobs"),
    _without(_ADDON, "addons-aws-ebs-csi-driver", "addonName", "cluster-ebs-csi"),
    _without(_NODE_GROUP, "system-nodes", "", "cluster-vpc-cni", says="cluster-vpc-cni-pod"),
    _without(_NODE_GROUP, "driver-intel-nodes", "", "spark-jobs", "fluent-bit", says="fluent-bit-pod, spark-jobs-pod"),
    _at_once("kubernetes:apps/v1:Deployment", "history-server", _SERVICE_ACCOUNT),
    _at_once("kubernetes:apps/v1:DaemonSet", "fluent-bit-agent", _SERVICE_ACCOUNT),
    _at_once(_ADDON, "addons-aws-ebs-csi-driver", "addonName"),
]
