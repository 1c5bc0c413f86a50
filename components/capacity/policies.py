"""What Karpenter may do in AWS, and who may send to its queue, as plain documents.

Narrower than the policy that Karpenter publishes: it launches into this cluster's subnets and security group alone, and
has nothing of IAM but passing the nodes' role, because the instance profile is made beside it and named to it. Leaves
out placement groups, capacity reservations and prices of on-demand instances, which it is told not to ask for.

Source: Karpenter documentation, "CloudFormation", and cloudformation.yaml of v1.14.1; Service Authorization Reference,
"Amazon EC2".
"""

from collections.abc import Iterable, Sequence

from components.account import Account
from components.capacity.names import CLUSTER_NAME_TAG, NODE_CLAIM_TAG, NODE_POOL_TAG, cluster_tag
from components.identity.policies import Condition, Document, document, statement

LAUNCH = ["ec2:RunInstances", "ec2:CreateFleet"]
# What launching makes, each with the tags of its launch.
LAUNCHED = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
# These take no resource. Spot prices are asked of EC2 itself.
LOOK_UPS = (
    "ec2:DescribeImages",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
)


def controller_policy(
    account: Account,
    *,
    node_role_arn: str,
    queue_arn: str,
    security_group_id: str,
    subnet_ids: Sequence[str],
) -> Document:
    """Launch and end this cluster's own instances, and what Karpenter has to know for it.

    Args:
        account: the environment's account.
        node_role_arn: role of the nodes, which instances are launched with.
        queue_arn: the queue of interruptions.
        security_group_id: security group of the nodes.
        subnet_ids: node subnets.
    """
    return document(
        *_launching(account, security_group_id, subnet_ids),
        *_tagging(account),
        statement(
            "EndOwnNodes",
            ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
            _own(account, ("instance", "launch-template")),
            condition=_carries_tags(account),
        ),
        statement(
            "LaunchWithRoleOfNodes",
            ["iam:PassRole"],
            [node_role_arn],
            condition={"StringEquals": {"iam:PassedToService": account.service_principal("ec2")}},
        ),
        statement("LookUpCluster", ["eks:DescribeCluster"], [account.cluster_arn]),
        statement("HearOfInterruptions", ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [queue_arn]),
        statement(
            "LookUpCapacity",
            LOOK_UPS,
            ["*"],
            condition={"StringEquals": {"aws:RequestedRegion": account.region}},
        ),
        statement(
            "LookUpImages",
            ["ssm:GetParameter"],
            [f"arn:{account.partition}:ssm:{account.region}::parameter/aws/service/eks/optimized-ami/*"],
        ),
    )


def queue_policy(account: Account, queue_arn: str, rule_arns: Iterable[str]) -> Document:
    """The environment's rules may send, and nobody may do anything without TLS.

    Args:
        account: the environment's account.
        queue_arn: the queue.
        rule_arns: EventBridge rules whose target it is.

    Source: Amazon EventBridge user guide, "Using resource-based policies", Amazon SQS permissions.
    """
    return document(
        statement(
            "EventsOfThisAccount",
            ["sqs:SendMessage"],
            [queue_arn],
            principal={"Service": account.service_principal("events")},
            condition={
                "StringEquals": {"aws:SourceAccount": account.id},
                "ArnEquals": {"aws:SourceArn": sorted(rule_arns)},
            },
        ),
        statement(
            "OnlyOverTls",
            ["sqs:*"],
            [queue_arn],
            effect="Deny",
            principal="*",
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )


def _launching(account: Account, security_group_id: str, subnet_ids: Sequence[str]) -> list[Document]:
    """From Amazon's images, into the nodes' network, by templates of its own, and with tags on all that comes of it."""
    images = [f"arn:{account.partition}:ec2:{account.region}::{kind}/*" for kind in ("image", "snapshot")]
    network = [f"security-group/{security_group_id}", *(f"subnet/{each}" for each in subnet_ids)]
    return [
        statement("LaunchIntoNodeNetwork", LAUNCH, [*images, *(account.arn("ec2", each) for each in network)]),
        statement(
            "LaunchByOwnTemplates", LAUNCH, _own(account, ("launch-template",)), condition=_carries_tags(account)
        ),
        statement(
            "LaunchWithTags",
            [*LAUNCH, "ec2:CreateLaunchTemplate"],
            _own(account, LAUNCHED),
            condition=_asks_for_tags(account),
        ),
    ]


def _tagging(account: Account) -> list[Document]:
    """While it launches, and an instance of its own once its node has joined."""
    asked = _asks_for_tags(account)
    while_making = {"ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"]}
    return [
        statement(
            "TagWhatIsLaunched",
            ["ec2:CreateTags"],
            _own(account, LAUNCHED),
            condition={**asked, "StringEquals": {**asked["StringEquals"], **while_making}},
        ),
        statement(
            "TagOwnNodes",
            ["ec2:CreateTags"],
            _own(account, ("instance",)),
            condition={
                **_carries_tags(account),
                "StringEqualsIfExists": {f"aws:RequestTag/{CLUSTER_NAME_TAG}": account.cluster_name},
                "ForAllValues:StringEquals": {"aws:TagKeys": [CLUSTER_NAME_TAG, NODE_CLAIM_TAG, "Name"]},
            },
        ),
    ]


def _own(account: Account, kinds: Iterable[str]) -> list[str]:
    return [account.arn("ec2", f"{kind}/*") for kind in kinds]


def _asks_for_tags(account: Account) -> Condition:
    """The request tags what it makes as this cluster's, and as a pool's; a trial launch names a pool of no letters."""
    owned = {cluster_tag(account.cluster_name): "owned", CLUSTER_NAME_TAG: account.cluster_name}
    return {
        "StringEquals": {f"aws:RequestTag/{key}": value for key, value in owned.items()},
        "StringLike": {f"aws:RequestTag/{NODE_POOL_TAG}": "*"},
    }


def _carries_tags(account: Account) -> Condition:
    """What it acts on is this cluster's, and came of a pool: never a node group's."""
    return {
        "StringEquals": {f"aws:ResourceTag/{cluster_tag(account.cluster_name)}": "owned"},
        "StringLike": {f"aws:ResourceTag/{NODE_POOL_TAG}": "*"},
    }
