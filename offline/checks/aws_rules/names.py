"""Names that only one resource can have: physical names, and what else AWS finds a resource by.

A stack that creates the replacement before it deletes the original meets the same rule, which automatic names keep.
Leaves out names that other stacks and, for buckets, other accounts have taken.

Source: the error each row names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding
from offline.providers.aws.types import TYPES


@dataclass(frozen=True)
class Unique:
    """What makes two resources of one type the same resource to AWS.

    Args:
        properties: that are equal in both; one that neither has counts as equal.
        answer: what AWS does with the second.
    """

    properties: tuple[str, ...]
    answer: str


_RULE = Unique(
    ("securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId",
     "referencedSecurityGroupId"),
    "InvalidPermission.Duplicate",
)  # fmt: skip

UNIQUE: dict[str, Unique] = {
    "aws:autoscaling/attachment:Attachment": Unique(
        ("autoscalingGroupName", "lbTargetGroupArn", "elb"), "nothing, and whichever goes first detaches both"
    ),
    "aws:ec2/route:Route": Unique(
        ("routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
        "RouteAlreadyExists",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Unique(
        ("subnetId", "gatewayId"), "Resource.AlreadyAssociated"
    ),
    "aws:ec2/securityGroup:SecurityGroup": Unique(("vpcId", "name"), "InvalidGroup.Duplicate"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Unique(
        ("vpcId", "serviceName", "vpcEndpointType"), "RouteAlreadyExists, or a private DNS name in conflict"
    ),
    "aws:eks/accessEntry:AccessEntry": Unique(("clusterName", "principalArn"), "ResourceInUseException"),
    "aws:eks/addon:Addon": Unique(("clusterName", "addonName"), "ResourceInUseException"),
    "aws:eks/nodeGroup:NodeGroup": Unique(("clusterName", "nodeGroupName"), "ResourceInUseException"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Unique(
        ("clusterName", "namespace", "serviceAccount"), "ResourceInUseException"
    ),
    "aws:iam/rolePolicy:RolePolicy": Unique(("role", "name"), "the second overwrites the first"),
    "aws:kms/alias:Alias": Unique(("name",), "AlreadyExistsException"),
    "aws:lb/listener:Listener": Unique(("loadBalancerArn", "port"), "DuplicateListener"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULE,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULE,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Unique(("bucket",), "the second overwrites"),
    "aws:s3/bucketNotification:BucketNotification": Unique(("bucket",), "the second overwrites the first"),
    "aws:s3/bucketPolicy:BucketPolicy": Unique(("bucket",), "the second overwrites the first"),
    "aws:s3/bucketVersioning:BucketVersioning": Unique(("bucket",), "the second overwrites the first"),
}
# Every other type that Pulumi names: its name alone.
_BY_NAME = {
    kind: Unique((row.name,), "an error that the name exists already")
    for kind, row in TYPES.items()
    if row.name and kind not in UNIQUE
}


def no_two_resources_have_one_name(stack: Stack) -> Iterator[Finding]:
    """The second of two that AWS would take for one."""
    seen: dict[tuple[str, ...], Subject] = {}
    for subject in stack.subjects:
        unique = UNIQUE.get(subject.type) or _BY_NAME.get(subject.type)
        key = unique and _key(subject, unique)
        if not unique or not key:
            continue
        first = seen.setdefault(key, subject)
        if first is not subject:
            place = next(each for each in reversed(unique.properties) if subject.gives(each))
            rule = f"is what {first.resource.name} has too: AWS answers {unique.answer}"
            yield subject.finding(place, rule, f"uniqueness by {', '.join(unique.properties)}", "Change or drop one")


def _key(subject: Subject, unique: Unique) -> tuple[str, ...] | None:
    """What AWS finds the resource by; None while a part of it is unknown."""
    parts: list[str] = []
    for each in unique.properties:
        value = subject.get(each)
        # While its id is unknown in a preview, the stack's VPC or cluster is taken for the same one.
        if value is None and subject.gives(each) and each not in ("vpcId", "clusterName"):
            return None
        # IAM compares names without case.
        parts.append(str(value).lower() if subject.type.startswith("aws:iam/") else str(value))
    account = subject.account
    region = account.region if TYPES[subject.type].regional else account.partition
    return (subject.type, account.number, region, *parts)


RULES_TOGETHER = (no_two_resources_have_one_name,)
