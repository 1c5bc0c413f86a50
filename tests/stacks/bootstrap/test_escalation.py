"""What nobody who took the deploy role gets further with: each way out is refused, and the way in beside it is not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from components.bootstrap.names import (
    DEPLOY_ROLE,
    PIPELINE_BOUNDARY,
    PREVIEW_ROLE,
    ROLE_BOUNDARY,
    policy_arn,
    role_arn,
)
from components.identity.programs.call import Asked
from offline.checks.iam.evaluation import Request, bounded, decide
from offline.isolation.document import document
from offline.isolation.environment import EVERYTHING
from tests.stacks.bootstrap.pipelines import Pipelines

Everywhere = Mapping[str, Pipelines]
STACK = "dev"
ELSEWHERE = "999999999999"


def asked(here: Pipelines, action: str, resource: str, **context: str) -> Asked:
    account = here.work.environment.account
    own = {"aws:RequestedRegion": account.region, "aws:ResourceAccount": account.id}
    arn = resource.format(
        account=account.id,
        region=account.region,
        bucket=here.bucket_arn,
        key=here.key_arn,
        deploy=role_arn(DEPLOY_ROLE, account),
        preview=role_arn(PREVIEW_ROLE, account),
        boundary=policy_arn(ROLE_BOUNDARY, account),
        own_boundary=policy_arn(PIPELINE_BOUNDARY, account),
        own=role_arn(f"moka-{STACK}-some", account),
    )
    return Asked(action, arn, {**own, **{key.replace("__", ":"): value for key, value in context.items()}})


def bounds(here: Pipelines) -> dict[str, str]:
    return {"iam__PermissionsBoundary": policy_arn(ROLE_BOUNDARY, here.work.environment.account)}


# A way out, as action and resource, and the condition keys that it may choose.
WAYS = [
    ("iam:CreateUser", "arn:aws:iam::{account}:user/somebody", {}),
    ("iam:CreateAccessKey", "arn:aws:iam::{account}:user/somebody", {}),
    ("iam:CreateLoginProfile", "arn:aws:iam::{account}:user/somebody", {}),
    ("iam:CreateGroup", "arn:aws:iam::{account}:group/somebody", {}),
    ("iam:PutUserPolicy", "arn:aws:iam::{account}:user/somebody", {}),
    ("iam:CreatePolicy", "arn:aws:iam::{account}:policy/moka-dev-some", {}),
    # Roles of another name, without the boundary, with another one, or out of it.
    ("iam:CreateRole", "arn:aws:iam::{account}:role/some", {"iam__PermissionsBoundary": "{boundary}"}),
    ("iam:CreateRole", "{own}", {}),
    ("iam:CreateRole", "{own}", {"iam__PermissionsBoundary": "{own_boundary}"}),
    ("iam:CreateRole", "{own}", {"iam__PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}),
    ("iam:DeleteRolePermissionsBoundary", "{own}", {"iam__PermissionsBoundary": "{boundary}"}),
    ("iam:PutRolePermissionsBoundary", "{own}", {"iam__PermissionsBoundary": "{own_boundary}"}),
    ("iam:PutRolePolicy", "{own}", {}),
    # AWS's policies that the program does not attach.
    *(
        ("iam:AttachRolePolicy", "{own}", {"iam__PermissionsBoundary": "{boundary}", "iam__PolicyARN": each})
        for each in (
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/PowerUserAccess",
            "arn:aws:iam::aws:policy/IAMFullAccess",
        )
    ),
    # Its own role, those beside it, what bounds them, and who vouches for pipelines.
    *(
        (action, role, {"iam__PermissionsBoundary": "{boundary}", "iam__PolicyARN": "{own_boundary}"})
        for role in ("{deploy}", "{preview}", "arn:aws:iam::{account}:role/moka-break-glass")
        for action in (
            "iam:AttachRolePolicy",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "sts:AssumeRole",
        )
    ),
    *(
        (action, policy, {})
        for policy in ("{boundary}", "{own_boundary}", "arn:aws:iam::{account}:policy/moka-deploy-identity")
        for action in (
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
        )
    ),
    *(
        (action, "arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com", {})
        for action in (
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:CreateOpenIDConnectProvider",
            "iam:DeleteOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        )
    ),
    # Roles handed to services that the program does not hand any to, and roles that are not its own.
    *(
        ("iam:PassRole", "{own}", {"iam__PassedToService": f"{each}.amazonaws.com"})
        for each in ("lambda", "codebuild", "cloudformation", "ecs-tasks", "sagemaker", "glue", "ssm")
    ),
    *(
        ("iam:PassRole", each, {"iam__PassedToService": "ec2.amazonaws.com"})
        for each in ("{deploy}", "arn:aws:iam::{account}:role/moka-break-glass")
    ),
    ("iam:CreateServiceLinkedRole", "{own}", {"iam__AWSServiceName": "eks.amazonaws.com"}),
    # The state bucket and its key.
    *(
        (action, "{bucket}", {})
        for action in (
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketAcl",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:PutReplicationConfiguration",
        )
    ),
    ("s3:DeleteObjectVersion", "{bucket}/.pulumi/stacks/moka/dev.json", {}),
    ("s3:PutObject", "{bucket}/elsewhere", {}),
    *(
        (action, "{key}", {})
        for action in (
            "kms:CreateGrant",
            "kms:DisableKey",
            "kms:DisableKeyRotation",
            "kms:Encrypt",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:UntagResource",
        )
    ),
    # Other services, and other Regions.
    ("lambda:CreateFunction", "arn:aws:lambda:{region}:{account}:function:some", {}),
    ("cloudformation:CreateStack", "arn:aws:cloudformation:{region}:{account}:stack/some/1", {}),
    ("ssm:SendCommand", "arn:aws:ec2:{region}:{account}:instance/i-1", {}),
    ("ec2:CreateVpc", "arn:aws:ec2:eu-west-1:{account}:vpc/vpc-1", {"aws__RequestedRegion": "eu-west-1"}),
    ("organizations:LeaveOrganization", "*", {}),
]


@pytest.mark.parametrize(("action", "resource", "context"), WAYS)
def test_a_way_out_is_refused(pipelines: Everywhere, action: str, resource: str, context: Mapping[str, str]) -> None:
    here = pipelines[STACK]
    filled = {key: asked(here, "", value).resource for key, value in context.items()}
    assert here.work.refused_by(here.role(DEPLOY_ROLE), asked(here, action, resource, **filled))


def test_the_way_in_beside_it_is_open(pipelines: Everywhere) -> None:
    """What is refused above is refused for what is asked about, and not because nothing is allowed."""
    here = pipelines[STACK]
    cni = {"iam__PolicyARN": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"}
    for one in (
        asked(here, "iam:CreateRole", "{own}", **bounds(here)),
        asked(here, "iam:PutRolePolicy", "{own}", **bounds(here)),
        asked(here, "iam:AttachRolePolicy", "{own}", **bounds(here), **cni),
        asked(here, "iam:PassRole", "{own}", iam__PassedToService="ec2.amazonaws.com"),
        asked(here, "s3:PutObject", "{bucket}/.pulumi/stacks/moka/dev.json"),
        asked(here, "s3:PutBucketPolicy", f"arn:aws:s3:::moka-{STACK}-spark-logs-{{account}}-{{region}}"),
        asked(here, "kms:Decrypt", "{key}"),
        asked(here, "ec2:CreateVpc", "arn:aws:ec2:{region}:{account}:vpc/vpc-1"),
    ):
        assert here.work.refused_by(here.role(DEPLOY_ROLE), one) is None, one


@pytest.mark.parametrize(("action", "resource", "context"), WAYS)
def test_the_boundary_refuses_it_though_somebody_attaches_administrator_access(
    pipelines: Everywhere, action: str, resource: str, context: Mapping[str, str]
) -> None:
    """But for what is done to the environment's own roles, which a boundary of their own holds, and to the state."""
    here = pipelines[STACK]
    role = replace(here.role(DEPLOY_ROLE), policies=(EVERYTHING,))
    filled = {key: asked(here, "", value).resource for key, value in context.items()}
    one = asked(here, action, resource, **filled)
    left_to_policies = {
        "iam:AttachRolePolicy",
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
        "kms:Encrypt",
        "s3:PutObject",
    }
    if action in left_to_policies and resource in ("{own}", "{key}", "{bucket}/elsewhere"):
        assert here.work.refused_by(role, one) is None, "take it off this list"
    else:
        assert here.work.refused_by(role, one), "by the boundary, or by the resource's own policy"


def test_a_role_that_the_deploy_role_made_is_no_administrator_whatever_it_is_given(pipelines: Everywhere) -> None:
    here = pipelines[STACK]
    account = here.work.environment.account
    made = next(each for each in here.work.environment.principals if each.name == "history-server-pod")
    assert made.boundary is not None
    almighty = replace(made, policies=(EVERYTHING,))
    for action, resource in (
        ("iam:CreateRole", f"arn:aws:iam::{account.id}:role/moka-{STACK}-some"),
        ("iam:CreateUser", f"arn:aws:iam::{account.id}:user/some"),
        ("iam:PutRolePolicy", made.arn),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{account.id}:role/{DEPLOY_ROLE}"),
        ("sts:AssumeRole", f"arn:aws:iam::{account.id}:role/{DEPLOY_ROLE}"),
        ("s3:GetObject", f"{here.bucket_arn}/.pulumi/stacks/moka/dev.json"),
        ("kms:Decrypt", here.key_arn),
        ("eks:CreateAccessEntry", account.cluster_arn),
        ("organizations:LeaveOrganization", "*"),
    ):
        request = Request(almighty.arn, action, resource, {"aws:ResourceAccount": account.id})
        assert bounded(request, [made.boundary.content], named=False) != "allowed", action
    request = Request(almighty.arn, "s3:GetObject", f"arn:aws:s3:::moka-{STACK}-spark-events-1/a", {})
    assert bounded(request, [made.boundary.content], named=False) == "allowed"


def test_every_role_of_every_environment_has_the_boundary_and_a_name_of_the_environment(pipelines: Everywhere) -> None:
    for here in pipelines.values():
        account = here.work.environment.account
        made = [each for each in here.work.environment.principals if each.made_here and not each.deploys]
        assert len(made) > 10
        for each in made:
            assert each.boundary is not None, each.arn
            assert each.arn.startswith(role_arn(f"moka-{account.environment}-", account))


@pytest.mark.parametrize("name", [DEPLOY_ROLE, PREVIEW_ROLE])
def test_neither_role_reaches_another_accounts_state(pipelines: Everywhere, name: str) -> None:
    dev, production = pipelines["dev"], pipelines["production"]
    role, owner = dev.role(name), production.work.environment.account.id
    for action, resource in (
        ("s3:GetObject", f"{production.bucket_arn}/.pulumi/stacks/moka/production.json"),
        ("s3:PutObject", f"{production.bucket_arn}/.pulumi/stacks/moka/production.json"),
        ("s3:ListBucket", production.bucket_arn),
        ("kms:Decrypt", production.key_arn),
        ("sts:AssumeRole", production.role(name).arn),
    ):
        context = {"aws:ResourceAccount": owner, "aws:RequestedRegion": "us-east-1"}
        request = Request(role.arn, action, resource, context)
        assert decide(request, [each.content for each in role.policies], owner=owner) != "allowed"
        if role.boundary is not None:
            assert bounded(request, [role.boundary.content], named=False) != "allowed"


def test_without_its_boundary_the_deploy_role_is_kept_by_its_policies_alone(pipelines: Everywhere) -> None:
    """The boundary is a second layer: each refusal of IAM stands without it."""
    here = pipelines[STACK]
    role = replace(
        here.role(DEPLOY_ROLE), boundary=document({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    )
    for action, resource, context in WAYS:
        if action.startswith("iam:"):
            filled = {key: asked(here, "", value).resource for key, value in context.items()}
            assert here.work.refused_by(role, asked(here, action, resource, **filled)), (action, resource)
