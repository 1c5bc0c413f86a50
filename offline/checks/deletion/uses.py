"""Which property of which type keeps a resource from being deleted, and what AWS does on the attempt.

A row holds where a value at the path is the used resource's id, ARN or name. Some rows are stricter than AWS, which
deletes at once and breaks what is left: their text says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.providers.resource import Resource
from offline.providers.values import plain


@dataclass(frozen=True)
class Use:
    """One way to be used.

    Args:
        user: type token of the user.
        path: of the property that names what is used; a list stands for each of its items.
        consequence: what AWS does, as a clause.
    """

    user: str
    path: str
    consequence: str


_VPC = "Amazon EC2 answers DependencyViolation"
_IAM = "IAM answers DeleteConflict"
_KEY = "AWS KMS would schedule it all the same, and nobody could read what it encrypts"
_EKS = "Amazon EKS answers ResourceInUseException"
_BALANCED = "Elastic Load Balancing answers ResourceInUse"
_LOGS = "AWS would delete it all the same, and what is still written is lost or goes to a group without settings"

USES: Mapping[str, tuple[Use, ...]] = {
    "aws:ec2/vpc:Vpc": (
        Use("aws:ec2/internetGateway:InternetGateway", "vpcId", _VPC),
        Use("aws:ec2/routeTable:RouteTable", "vpcId", _VPC),
        Use("aws:ec2/securityGroup:SecurityGroup", "vpcId", _VPC),
        Use("aws:ec2/subnet:Subnet", "vpcId", _VPC),
        Use("aws:ec2/vpcEndpoint:VpcEndpoint", "vpcId", _VPC),
    ),
    "aws:ec2/subnet:Subnet": (
        Use("aws:ec2/natGateway:NatGateway", "subnetId", _VPC),
        Use("aws:ec2/vpcEndpoint:VpcEndpoint", "subnetIds", _VPC),
        Use("aws:eks/cluster:Cluster", "vpcConfig.subnetIds", _VPC),
        Use("aws:eks/nodeGroup:NodeGroup", "subnetIds", _VPC),
        Use("aws:lb/loadBalancer:LoadBalancer", "subnets", _VPC),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        Use("aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds", _VPC),
        Use("aws:eks/cluster:Cluster", "vpcConfig.securityGroupIds", _VPC),
        Use("aws:lb/loadBalancer:LoadBalancer", "securityGroups", _VPC),
        Use("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "referencedSecurityGroupId", _VPC),
        Use("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "referencedSecurityGroupId", _VPC),
    ),
    "aws:ec2/eip:Eip": (Use("aws:ec2/natGateway:NatGateway", "allocationId", "Amazon EC2 answers AuthFailure"),),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        Use(
            "aws:eks/nodeGroup:NodeGroup",
            "launchTemplate.id",
            "Amazon EC2 would delete it all the same, and the group turns degraded: Ec2LaunchTemplateNotFound",
        ),
    ),
    "aws:eks/cluster:Cluster": (
        Use("aws:eks/fargateProfile:FargateProfile", "clusterName", _EKS),
        Use("aws:eks/nodeGroup:NodeGroup", "clusterName", _EKS),
    ),
    "aws:lb/targetGroup:TargetGroup": (
        Use("aws:lb/listener:Listener", "defaultActions.targetGroupArn", _BALANCED),
        Use(
            "aws:autoscaling/attachment:Attachment",
            "lbTargetGroupArn",
            "Elastic Load Balancing would delete it all the same, and Auto Scaling fails to register nodes",
        ),
    ),
    "aws:iam/role:Role": (
        Use("aws:iam/instanceProfile:InstanceProfile", "role", _IAM),
        Use("aws:iam/rolePolicy:RolePolicy", "role", _IAM),
        Use("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", _IAM),
        Use("aws:eks/cluster:Cluster", "roleArn", "IAM would delete it all the same, and the cluster is stuck"),
        Use(
            "aws:eks/nodeGroup:NodeGroup",
            "nodeRoleArn",
            "IAM would delete it all the same, and the group turns degraded: IamNodeRoleNotFound",
        ),
    ),
    "aws:iam/policy:Policy": (Use("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn", _IAM),),
    "aws:kms/key:Key": (
        Use("aws:amp/workspace:Workspace", "kmsKeyArn", _KEY),
        Use("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId", _KEY),
        Use("aws:eks/cluster:Cluster", "encryptionConfig.provider.keyArn", _KEY),
        Use(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId",
            _KEY,
        ),
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        Use("aws:amp/workspace:Workspace", "loggingConfiguration.logGroupArn", _LOGS),
        Use("aws:ec2/flowLog:FlowLog", "logDestination", _LOGS),
    ),
    "aws:s3/bucket:Bucket": (
        Use("aws:s3/bucketObjectv2:BucketObjectv2", "bucket", "Amazon S3 answers BucketNotEmpty"),
    ),
}
# Inputs that make the provider take the users away itself.
FORCES = {"aws:iam/role:Role": ("forceDetachPolicies", "aws:iam/"), "aws:s3/bucket:Bucket": ("forceDestroy", "aws:s3/")}


def users_of(resource: Resource, others: Iterable[Resource]) -> Iterator[tuple[Resource, str]]:
    """What still uses a resource, and what AWS does when that is deleted."""
    names = handles(resource)
    forced, prefix = FORCES.get(resource.type, ("", ""))
    skipped = prefix if forced and resource.inputs.get(forced) is True else None
    uses = USES.get(resource.type, ())
    for other in others:
        for use in uses:
            if other.type != use.user or (skipped is not None and other.type.startswith(skipped)):
                continue
            if names & set(values_at(other.plain_inputs, use.path)) and not _own_rule(resource, other):
                yield other, use.consequence


def handles(resource: Resource) -> set[str]:
    """What others name a resource by."""
    found = {resource.identifier, plain(resource.outputs.get("arn")), resource.plain_inputs.get("name")}
    return {str(each) for each in found if each}


def values_at(value: Any, path: str) -> Iterator[str]:
    """The texts at a path; a list stands for each of its items."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, path)
    elif not path:
        # CloudWatch Logs writes an ARN with and without the streams behind it.
        yield str(value).removesuffix(":*")
    elif isinstance(value, dict):
        key, _, rest = path.partition(".")
        if key in value:
            yield from values_at(value[key], rest)


def _own_rule(group: Resource, rule: Resource) -> bool:
    """A rule that refers to its own group goes with it."""
    return "securityGroup" in rule.type and rule.plain_inputs.get("securityGroupId") == group.identifier
