"""Planted mistakes in the order of resources: what is made too early, and every call would still be answered."""

from tests.checks.planted import Inputs, Planted
from tests.stack_files import settings_tree

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_ADDON = "aws:eks/addon:Addon"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_CLUSTER, _PLANE = "aws:eks/cluster:Cluster", "cluster-eksCluster"
_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_TABLE = "aws:ec2/routeTableAssociation:RouteTableAssociation"
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


def _early(kind: str, name: str, says: str, *cut: tuple[str, str]) -> Planted:
    """A resource that no longer waits for some others."""
    return Planted(kind, name, _as_it_is, "order", "", says, cut=frozenset(cut))


def _nodes(says: str, *cut: tuple[str, str]) -> Planted:
    return _early(_NODE_GROUP, "system-nodes", says, *cut)


ORDER_MISTAKES = [
    _without("kubernetes:apps/v1:DaemonSet", "fluent-bit-agent", _SERVICE_ACCOUNT, "fluent-bit"),
    _without("kubernetes:apps/v1:DaemonSet", "collectors-agent", _SERVICE_ACCOUNT, "collectors-agent"),
    _without("kubernetes:apps/v1:Deployment", "cluster-events", _SERVICE_ACCOUNT, "cluster-events"),
    _without("kubernetes:apps/v1:Deployment", "history-server", _SERVICE_ACCOUNT, "history-server"),
    _without("kubernetes:apps/v1:StatefulSet", "alertmanager-0", _SERVICE_ACCOUNT, "alertmanager"),
    _without(
        "kubernetes:batch/v1:CronJob",
        "log-canary-checker",
        "spec.jobTemplate.spec.template.spec.serviceAccountName",
        "log-canary",
    ),
    # Drivers and executors come from outside of the stack, and none before their service account.
    _without("kubernetes:core/v1:ServiceAccount", "spark-analytics-spark", "metadata.name", "spark-analytics-spark"),
    _without(_ADDON, "addons-aws-ebs-csi-driver", "addonName", "cluster-ebs-csi"),
    _without(_NODE_GROUP, "system-nodes", "", "cluster-vpc-cni", says="cluster-vpc-cni-pod"),
    _without(
        _NODE_GROUP,
        "driver-intel-nodes",
        "",
        "spark-analytics-spark",
        "fluent-bit",
        says="fluent-bit-pod, spark-analytics-spark-pod",
    ),
    _at_once("kubernetes:apps/v1:Deployment", "history-server", _SERVICE_ACCOUNT),
    _at_once("kubernetes:apps/v1:DaemonSet", "fluent-bit-agent", _SERVICE_ACCOUNT),
    _at_once(_ADDON, "addons-aws-ebs-csi-driver", "addonName"),
    # What nodes boot with.
    _nodes("the add-on cluster-vpc-cni", (_ADDON, "cluster-vpc-cni")),
    _nodes("the add-on cluster-eks-pod-identity-agent", (_ADDON, "cluster-eks-pod-identity-agent")),
    _nodes("the permissions nodes-AmazonEKS", (_ATTACHMENT, "nodes-AmazonEKSWorkerNodeMinimalPolicy")),
    _nodes("the network's network-private-us-east-1a", ("aws:ec2/route:Route", "network-private-us-east-1a")),
    _nodes("the network's network-sts", ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-sts")),
    _nodes("the network's cluster-nodes-to-https", (_EGRESS, "cluster-nodes-to-https")),
    _nodes("the network's network-nodes-us-east-1b", (_TABLE, "network-nodes-us-east-1b")),
    # What the control plane is made with.
    _early(_CLUSTER, _PLANE, "its log group cluster-control-plane", (_LOG_GROUP, "cluster-control-plane")),
    _early(_CLUSTER, _PLANE, "the permissions cluster-eksRole-", (_ATTACHMENT, "cluster-eksRole-4b490823")),
    # What needs nodes.
    _early(_ADDON, "addons-coredns", "waits for no node group", *_GROUPS),
    _early("kubernetes:apps/v1:StatefulSet", "prometheus-0", "waits for no node group", *_GROUPS),
]
