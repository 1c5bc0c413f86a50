"""Whether security groups let through what must reach the API server, and what it must reach.

Asked where ids are known, as in a rehearsal and in an update: without them no group can be told from another.

Source: Amazon EKS user guide, "View Amazon EKS security group requirements for clusters" and "Cluster API server
endpoint".
"""

from collections.abc import Iterator

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding

CLUSTER = "aws:eks/cluster:Cluster"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_HTTPS = 443
_ENDPOINT = "Amazon EKS user guide, Cluster API server endpoint"


def admits(rule: Subject, port: int) -> bool:
    """Whether a rule lets a TCP port through."""
    protocol = rule.get("ipProtocol")
    if protocol == "-1":
        return True
    first, last = rule.get("fromPort"), rule.get("toPort")
    return protocol == "tcp" and first is not None and last is not None and first <= port <= last


def groups_of_nodes(stack: Stack) -> set[str]:
    """Ids of the security groups that launch templates give to nodes."""
    return {group for each in stack.of(TEMPLATE) for group in each.items("vpcSecurityGroupIds")}


def a_private_cluster_admits_somebody(stack: Stack) -> Iterator[Finding]:
    """Without a public endpoint, a rule of the control plane's group names a source beside the nodes."""
    nodes = groups_of_nodes(stack)
    for cluster in stack.of(CLUSTER):
        groups = set(cluster.items("vpcConfig.securityGroupIds"))
        if not groups or cluster.get("vpcConfig.endpointPublicAccess") is not False:
            continue
        rules = [each for each in stack.of(INGRESS) if each.get("securityGroupId") in groups and admits(each, _HTTPS)]
        sources = {each.get("cidrIpv4") or each.get("referencedSecurityGroupId") for each in rules}
        if not sources - nodes - groups:
            rule = "admit nobody but the nodes to the private endpoint, so whoever deploys can't reach the cluster"
            fix = "Add an ingress rule for port 443 from the network of the runner"
            yield cluster.finding("vpcConfig.securityGroupIds", rule, _ENDPOINT, fix)


RULES_TOGETHER = (a_private_cluster_admits_somebody,)
