"""Karpenter's calls, as its source makes them with the values that its chart gets here.

With the feature gates of `capacity/karpenter_values.py` and node classes without a placement group it asks for no
capacity reservation and no placement group; with an isolated VPC and an instance profile it asks neither IAM nor
AWS Price List.

Source: aws/karpenter-provider-aws v1.14.1, pkg/aws/sdk.go and its users.
"""

from collections.abc import Iterator

from components.account import Account
from components.capacity.names import CLUSTER_NAME_TAG, NODE_CLAIM_TAG, NODE_POOL_TAG, cluster_tag
from components.identity.programs.call import Call, Context, Program

_POOL = "executors"
# What a launch makes, and tags as it makes it.
_MADE = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
_DESCRIBES = {
    "ec2:DescribeImages": "pkg/providers/amifamily/ami.go",
    "ec2:DescribeInstanceStatus": "pkg/providers/instancestatus/instancestatus.go",
    "ec2:DescribeInstanceTypeOfferings": "pkg/providers/instancetype/instancetype.go",
    "ec2:DescribeInstanceTypes": "pkg/providers/instancetype/instancetype.go",
    "ec2:DescribeInstances": "pkg/batcher/describeinstances.go",
    "ec2:DescribeLaunchTemplates": "pkg/providers/launchtemplate/launchtemplate.go",
    "ec2:DescribeSecurityGroups": "pkg/providers/securitygroup/securitygroup.go",
    "ec2:DescribeSpotPriceHistory": "pkg/providers/pricing/pricing.go",
    "ec2:DescribeSubnets": "pkg/providers/subnet/subnet.go",
}


def capacity_programs(account: Account) -> tuple[Program, ...]:
    """Karpenter's controller."""
    calls = (*_launches(account), *_tags(account), *_ends(account), *_looks_up(account))
    return (Program("Karpenter's controller", "karpenter-pod", calls, {"aws:RequestedRegion": account.region}),)


def _owned(account: Account, kind: str) -> Context:
    tags = {cluster_tag(account.cluster_name): "owned", CLUSTER_NAME_TAG: account.cluster_name, NODE_POOL_TAG: _POOL}
    return {f"aws:{kind}Tag/{key}": value for key, value in tags.items()}


def _own(account: Account, kind: str) -> str:
    return account.arn("ec2", f"{kind}/{kind}-1")


def _of_amazon(account: Account, resource: str) -> str:
    return f"arn:{account.partition}:ec2:{account.region}::{resource}"


def _launches(account: Account) -> Iterator[Call]:
    fleets = "pkg/batcher/createfleet.go; a trial of it in pkg/controllers/nodeclass/validation.go"
    trial = "pkg/controllers/nodeclass/validation.go: a launch that EC2 only checks"
    templates = "pkg/providers/launchtemplate/launchtemplate.go"
    asked, carried = _owned(account, "Request"), _owned(account, "Resource")
    for action, source, named, made in (
        ("ec2:CreateFleet", fleets, (), _MADE),
        ("ec2:RunInstances", trial, (_of_amazon(account, "snapshot/snap-1"), "{node_security_group}"), _MADE[1:]),
    ):
        yield Call((action,), (_of_amazon(account, "image/ami-1"), "{node_subnets}", *named), source)
        yield Call((action,), (_own(account, "launch-template"),), source, carried)
        yield Call((action,), tuple(_own(account, each) for each in made), source, asked)
    yield Call(("ec2:CreateLaunchTemplate",), (_own(account, "launch-template"),), templates, asked)
    yield Call(
        ("iam:PassRole",),
        ("{node_role}",),
        "Amazon EC2 user guide, permission to pass a role with an instance profile",
        {"iam:PassedToService": account.service_principal("ec2")},
    )


def _tags(account: Account) -> Iterator[Call]:
    launches = "Amazon EC2 user guide, tagging during creation; the tags of pkg/utils/utils.go"
    for during in ("CreateFleet", "RunInstances", "CreateLaunchTemplate"):
        made = ("launch-template",) if during == "CreateLaunchTemplate" else _MADE
        yield Call(
            ("ec2:CreateTags",),
            tuple(_own(account, each) for each in made),
            launches,
            {**_owned(account, "Request"), "ec2:CreateAction": during},
        )
    yield Call(
        ("ec2:CreateTags",),
        (_own(account, "instance"),),
        "pkg/controllers/nodeclaim/tagging/controller.go",
        {
            **_owned(account, "Resource"),
            f"aws:RequestTag/{CLUSTER_NAME_TAG}": account.cluster_name,
            "aws:TagKeys": ("Name", NODE_CLAIM_TAG, CLUSTER_NAME_TAG),
        },
    )


def _ends(account: Account) -> Iterator[Call]:
    carried = _owned(account, "Resource")
    yield Call(("ec2:TerminateInstances",), (_own(account, "instance"),), "pkg/batcher/terminateinstances.go", carried)
    yield Call(
        ("ec2:DeleteLaunchTemplate",),
        (_own(account, "launch-template"),),
        "pkg/providers/launchtemplate/launchtemplate.go",
        carried,
    )


def _looks_up(account: Account) -> Iterator[Call]:
    for action, source in _DESCRIBES.items():
        yield Call((action,), ("*",), source)
    yield Call(
        ("eks:DescribeCluster",),
        (account.cluster_arn,),
        "pkg/providers/version/version.go, pkg/providers/launchtemplate/launchtemplate.go",
    )
    yield Call(
        ("sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage"),
        ("{interruptions}",),
        "pkg/providers/sqs/sqs.go",
    )
    image = "aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard/recommended/image_id"
    yield Call(
        ("ssm:GetParameter",),
        (f"arn:{account.partition}:ssm:{account.region}::parameter/{image}",),
        "pkg/providers/ssm/provider.go",
    )
