"""The security groups that `eks.Cluster` makes unless `skip_default_security_groups` is set.

Source: pulumi/pulumi-eks, nodejs/eks/cluster/cluster.ts and nodejs/eks/nodes/securitygroup.ts.
"""

from typing import Any

from offline.providers.eks.registration import Child, Registration
from offline.providers.values import UNKNOWN, Properties, is_unknown

_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_TO_INTERNET = {
    "description": "Allow internet access.",
    "type": "egress",
    "fromPort": 0,
    "toPort": 0,
    "protocol": "-1",
    "cidrBlocks": ["0.0.0.0/0"],
}


def _ingress(description: str, first_port: int, last_port: int, protocol: str = "tcp") -> Properties:
    ports = {"fromPort": first_port, "toPort": last_port}
    return {"description": description, "type": "ingress", "protocol": protocol, **ports}


_AMONG_NODES = _ingress("Allow nodes to communicate with each other", 0, 0, "-1") | {"self": True}
_TO_KUBELETS = _ingress(
    "Allow worker Kubelets and pods to receive communication from the cluster control plane", 1025, 65535
)
_TO_EXTENSION_SERVERS = _ingress(
    "Allow pods running extension API servers on port 443 to receive communication from cluster control plane", 443, 443
)
_TO_API_SERVER = _ingress("Allow pods to communicate with the cluster API Server", 443, 443)


def cluster_group(registration: Registration) -> Child:
    """Register the control plane's security group with open egress."""
    tags = _tags(registration, "eksClusterSecurityGroup", "clusterSecurityGroupTags")
    group = _group(registration, "eksClusterSecurityGroup", tags)
    rule = {**_TO_INTERNET, "securityGroupId": group.identifier or UNKNOWN}
    registration.resource(_RULE, f"{registration.name}-eksClusterInternetEgressRule", rule, dependencies=[group])
    return group


def node_group(registration: Registration, cluster: Child, control_plane: Child) -> tuple[Child, Child]:
    """Register the nodes' security group and the rules between it and the control plane's.

    Returns the group and the rule that lets nodes reach the API server.
    """
    tags: Any = UNKNOWN
    if not is_unknown(cluster["name"]):
        owned = {f"kubernetes.io/cluster/{cluster['name']}": "owned"}
        tags = owned | _tags(registration, "nodeSecurityGroup", "nodeSecurityGroupTags")
    nodes = _group(registration, "nodeSecurityGroup", tags, cluster)
    at_nodes, at_cluster = nodes.identifier or UNKNOWN, control_plane.identifier or UNKNOWN

    def rule(role: str, inputs: Properties) -> Child:
        both = "sourceSecurityGroupId" in inputs and control_plane.urn
        behind = (nodes, control_plane) if both else (nodes,)
        return registration.resource(_RULE, f"{registration.name}-{role}", inputs, dependencies=behind)

    from_cluster = {"securityGroupId": at_nodes, "sourceSecurityGroupId": at_cluster}
    rule("eksNodeIngressRule", _AMONG_NODES | {"securityGroupId": at_nodes})
    rule("eksNodeClusterIngressRule", _TO_KUBELETS | from_cluster)
    rule("eksExtApiServerClusterIngressRule", _TO_EXTENSION_SERVERS | from_cluster)
    rule("eksNodeInternetEgressRule", _TO_INTERNET | {"securityGroupId": at_nodes})
    from_nodes = {"securityGroupId": at_cluster, "sourceSecurityGroupId": at_nodes}
    return nodes, rule("eksClusterIngressRule", _TO_API_SERVER | from_nodes)


def _group(registration: Registration, role: str, tags: Any, *behind: Child) -> Child:
    inputs = {
        "description": "Managed by Pulumi",
        "vpcId": registration.arguments.get("vpcId"),
        "revokeRulesOnDelete": True,
        "tags": tags,
    }
    name = f"{registration.name}-{role}"
    used = ("vpcId", "tags", "clusterSecurityGroupTags", "nodeSecurityGroupTags")
    return registration.resource(_GROUP, name, inputs, dependencies=behind, arguments=used)


def _tags(registration: Registration, role: str, more: str) -> Properties:
    arguments = registration.arguments
    name = {"Name": f"{registration.name}-{role}"}
    return name | (arguments.get(more) or {}) | (arguments.get("tags") or {})
