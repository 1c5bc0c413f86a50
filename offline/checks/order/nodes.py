"""Nodes come after what they boot with, and what needs nodes comes after them.

A node that joins before its network is whole, before the agents that every pod needs, or with a role that may not do
what the kubelet must, fails or starts pods that never work, and the node group times out. So does an add-on or a
workload whose pods find no node. Leaves out stacks of several clusters, and what exists
outside of the stack.

Sources: Amazon EKS user guide, "Managed node groups concepts", "Amazon VPC CNI", "Amazon EKS node IAM role", "Amazon
EKS cluster IAM role" and "Troubleshoot problems with Amazon EKS clusters and nodes"; Pulumi Kubernetes provider, await
logic of workloads.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.objects import mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource

_ADDON = "aws:eks/addon:Addon"
_CLUSTER = "aws:eks/cluster:Cluster"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_ROUTE = "aws:ec2/route:Route"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_PERMISSIONS = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy")
_RULES = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
# Add-ons whose pods come with nodes, and which are ready without any.
AGENTS = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
_NODES_PAGE = "Amazon EKS user guide, Troubleshoot problems with Amazon EKS clusters and nodes"
_ROLE_PAGE = "Amazon EKS user guide, Amazon EKS node IAM role"


def nodes_come_after_what_they_boot_with(judge: str, stack: Stack) -> Iterable[Finding]:
    """Agents, network and permissions stand before each node group."""
    of = _ByType(stack.resources)
    for group in of(_NODE_GROUP):
        for what, needed, why, source in (
            (
                "the add-on",
                _agents(of),
                "a node that joins without it starts pods without network or credentials",
                _NODES_PAGE,
            ),
            ("the permissions", _permissions(of, group, "nodeRoleArn"), "a node can't join without them", _ROLE_PAGE),
            ("the network's", list(_network(of, group)), "a node that reaches nothing can't join", _NODES_PAGE),
        ):
            if late := _late(group, needed):
                rule = f"does not wait for {what} {late}: {why}"
                yield _finding(judge, group, rule, source, "Make the node group after it")


def a_control_plane_comes_after_its_own(judge: str, stack: Stack) -> Iterable[Finding]:
    """Its role's permissions, which Amazon EKS asks for at once, and its log group, which EKS would else make."""
    of = _ByType(stack.resources)
    for cluster in of(_CLUSTER):
        if late := _late(cluster, _permissions(of, cluster, "roleArn")):
            rule = f"does not wait for the permissions {late}, which its role needs to make it and to delete it"
            source = "Amazon EKS user guide, Amazon EKS cluster IAM role"
            yield _finding(judge, cluster, rule, source, "Make the cluster after them")
        name = f"/aws/eks/{_get(cluster, 'name')}/cluster"
        if late := _late(cluster, [each for each in of(_LOG_GROUP) if _get(each, "name") == name]):
            rule = f"does not wait for its log group {late}, which Amazon EKS then makes without retention and key"
            source = "Amazon EKS user guide, Send control plane logs to CloudWatch Logs"
            yield _finding(judge, cluster, rule, source, "Make the cluster after it")


def pods_come_after_nodes(judge: str, stack: Stack) -> Iterable[Finding]:
    """Add-ons and workloads whose pods need a node wait for a node group."""
    of = _ByType(stack.resources)
    groups = frozenset(each.urn for each in of(_NODE_GROUP))
    addons = [each for each in of(_ADDON) if _get(each, "addonName") not in AGENTS]
    workloads = [each.resource for each in stack.objects if each.pods is not None]
    for resource in [*addons, *workloads] if groups else ():
        if not groups & resource.waits_for:
            rule = "waits for no node group, so its pods may find no node until it times out"
            yield _finding(judge, resource, rule, _NODES_PAGE, "Make it after a node group")


class _ByType:
    """The resources of a stack, by type."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._of: dict[str, list[Resource]] = {}
        for each in resources:
            self._of.setdefault(each.type, []).append(each)

    def __call__(self, *types: str) -> list[Resource]:
        """Those of some types."""
        return [each for kind in types for each in self._of.get(kind, ())]


def _agents(of: _ByType) -> list[Resource]:
    return [each for each in of(_ADDON) if _get(each, "addonName") in AGENTS]


def _permissions(of: _ByType, user: Resource, place: str) -> list[Resource]:
    """What is attached to the role that a property names by its ARN."""
    role = str(_get(user, place) or "").rsplit("/", 1)[-1]
    return [each for each in of(*_PERMISSIONS) if _get(each, "role") == role]


def _network(of: _ByType, group: Resource) -> Iterator[Resource]:
    """Routes of the group's subnets, endpoints, and rules of the security groups that its nodes have.

    Leaves out rules for load balancers: they send to nodes that have booted.
    """
    subnets = _texts(group, "subnetIds")
    associations = [each for each in of(_ASSOCIATION) if _get(each, "subnetId") in subnets]
    tables = {_get(each, "routeTableId") for each in associations}
    yield from associations
    yield from (each for each in of(_ROUTE) if _get(each, "routeTableId") in tables)
    yield from of(_ENDPOINT)
    balancers = {carried for each in of(_BALANCER) for carried in _texts(each, "securityGroups")}
    rules = [each for each in of(*_RULES) if _get(each, "referencedSecurityGroupId") not in balancers]
    template = mapping(_get(group, "launchTemplate")).get("id")
    for each in of(_TEMPLATE):
        if each.identifier and each.identifier == template:
            groups = _texts(each, "vpcSecurityGroupIds")
            yield from (rule for rule in rules if _get(rule, "securityGroupId") in groups)


def _late(resource: Resource, needed: Iterable[Resource]) -> str:
    """Names of what a resource needs and does not wait for."""
    return ", ".join(sorted(each.name for each in needed if each.urn not in resource.waits_for))


def _get(resource: Resource, key: str) -> Any:
    return resource.plain_inputs.get(key)


def _texts(resource: Resource, key: str) -> list[str]:
    given = _get(resource, key)
    return [each for each in given if isinstance(each, str)] if isinstance(given, list) else []


def _finding(judge: str, resource: Resource, rule: str, source: str, fix: str) -> Finding:
    return Finding.of(judge, resource, "", "", rule=rule, source=source, fix=fix)
