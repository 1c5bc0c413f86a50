"""The most that roles of pipelines, and any role that they make, may ever do, whatever else is attached to them.

A boundary grants nothing: what is not in it is refused. The bootstrap makes both, and no role that they bound may
change one.

Source: AWS IAM user guide, "Permissions boundaries for IAM entities".
"""

from components.account import Account
from components.bootstrap.names import (
    ROLE_BOUNDARY,
    policy_arn,
    role_arn,
    state_bucket_name,
)
from components.bootstrap.places import Places
from components.identity.policies import Document, actions, document, statement
from components.organisation.policies import own_resources_only

# Services whose resources an environment is made of.
_SERVICES = (
    "aps",
    "athena",
    "autoscaling",
    "cloudtrail",
    "cloudwatch",
    "ec2",
    "ecr",
    "eks",
    "elasticloadbalancing",
    "events",
    "glue",
    "grafana",
    "guardduty",
    "kms",
    "logs",
    "s3",
    "sns",
    "sqs",
)
# Services that workloads call: those of the CNI, the CSI driver, Karpenter, log agents, collectors, readers and Spark.
_SERVICES_OF_ROLES = (
    "aps",
    "athena",
    "autoscaling",
    "cloudwatch",
    "ec2",
    "ecr",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "glue",
    "kms",
    "logs",
    "s3",
    "sns",
    "sqs",
)
# Where IAM and AWS Organizations are, whatever Region an environment is in.
_GLOBAL_REGION = "us-east-1"


def pipeline_boundary(account: Account, key_arn: str) -> Document:
    """Bounds of the roles of pipelines.

    Args:
        account: the environment's account.
        key_arn: ARN of the key of the state, which they use and never change.
    """
    places = Places(account)
    state = account.bucket_arn(state_bucket_name(account))
    regions = sorted({account.region, _GLOBAL_REGION})
    return document(
        statement(
            "ServicesOfAnEnvironment",
            [f"{each}:*" for each in _SERVICES],
            ["*"],
            condition={"StringEquals": {"aws:RequestedRegion": regions}},
        ),
        statement(
            "OwnRoles",
            ["iam:*"],
            [places.roles, places.instance_profiles],
        ),
        _link_roles(account),
        statement(
            "SingleCalls",
            [
                "organizations:DescribeOrganization",
                "secretsmanager:GetSecretValue",
                "sso:CreateManagedApplicationInstance",
                "sso:DeleteManagedApplicationInstance",
                "sso:DescribeRegisteredRegions",
                "sso:GetSharedSsoConfiguration",
                "sts:GetCallerIdentity",
            ],
            ["*"],
        ),
        statement(
            "DenyRolesWithoutBoundary",
            [
                "iam:AttachRolePolicy",
                "iam:CreateRole",
                "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy",
            ],
            ["*"],
            effect="Deny",
            condition={"StringNotEquals": {"iam:PermissionsBoundary": policy_arn(ROLE_BOUNDARY, account)}},
        ),
        statement("DenyTakingBoundaries", ["iam:DeleteRolePermissionsBoundary"], ["*"], effect="Deny"),
        # They read and write objects alone.
        statement("DenyChangesOfStateBucket", actions("s3", "DeleteBucket* Put*"), [state], effect="Deny"),
        statement(
            "DenyChangesOfStateKey",
            actions(
                "kms",
                "CreateAlias CreateGrant DeleteAlias Disable* PutKeyPolicy RetireGrant RevokeGrant "
                "ScheduleKeyDeletion TagResource UntagResource Update*",
            ),
            [key_arn],
            effect="Deny",
        ),
        *own_resources_only(account),
    )


def role_boundary(account: Account, key_arn: str) -> Document:
    """Bounds of every role that the program makes.

    Args:
        account: the environment's account.
        key_arn: ARN of the key of the state, with which none of them has to do.
    """
    places = Places(account)
    state = account.bucket_arn(state_bucket_name(account))
    return document(
        statement("ServicesOfWorkloads", [f"{each}:*" for each in _SERVICES_OF_ROLES], ["*"]),
        statement(
            "LookUps", ["pricing:GetProducts", "ssm:GetParameter", "sts:GetCallerIdentity", "tag:GetResources"], ["*"]
        ),
        # Karpenter hands the node role to instances.
        statement("PassOwnRoles", ["iam:PassRole"], [places.roles]),
        statement("OwnInstanceProfiles", ["iam:*InstanceProfile*"], [places.instance_profiles]),
        _link_roles(account),
        statement("DenyState", ["s3:*"], [state, f"{state}/*"], effect="Deny"),
        statement("DenyStateKey", ["kms:*"], [key_arn], effect="Deny"),
        *own_resources_only(account),
        statement("DenyControlPlane", ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"], ["*"], effect="Deny"),
    )


def _link_roles(account: Account) -> Document:
    return statement("LinkRoles", ["iam:CreateServiceLinkedRole"], [role_arn("aws-service-role/*", account)])
