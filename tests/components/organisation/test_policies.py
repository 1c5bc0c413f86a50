"""What an organisation refuses an environment's account, request by request."""

import json

import pytest

from components.account import Account
from components.identity.policies import Document
from components.organisation.policies import resource_control_policy, service_control_policy
from offline.checks.iam.evaluation import Request, bounded

OWN, OTHER = "222222222222", "444444444444"
ACCOUNT = Account("dev", OWN, "us-east-1")
DEPLOY = f"arn:aws:iam::{OWN}:role/moka-deploy"
ROLE, FOREIGN = f"arn:aws:iam::{OWN}:role/pod", f"arn:aws:iam::{OTHER}:role/pod"
SERVICE = service_control_policy(ACCOUNT, [DEPLOY])
RESOURCE = resource_control_policy(ACCOUNT)
OBJECT = "arn:aws:s3:::bucket/key"


def denied(policy: Document, principal: str, action: str, resource: str, **context: str) -> bool:
    """Whether a policy refuses a request; keys are given with an underscore for their colon."""
    keys = {key.replace("_", ":", 1): value for key, value in context.items()}
    named = policy is RESOURCE
    return bounded(Request(principal, action, resource, keys), [policy], named=named) == "denied"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", OBJECT),
        ("s3:GetObject", OBJECT),
        ("s3:PutBucketPolicy", "arn:aws:s3:::bucket"),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{OTHER}:key/1"),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OTHER}:queue"),
        ("sns:Publish", f"arn:aws:sns:us-east-1:{OTHER}:topic"),
        ("ecr:PutImage", f"arn:aws:ecr:us-east-1:{OTHER}:repository/moka/spark"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{OTHER}:secret:a"),
        ("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/pod"),
    ],
)
def test_nobody_of_the_account_touches_what_another_account_owns(action: str, resource: str) -> None:
    for principal in (ROLE, DEPLOY):
        assert denied(SERVICE, principal, action, resource, aws_ResourceAccount=OTHER)
    own = resource.replace(OTHER, OWN)
    assert not denied(SERVICE, ROLE, action, own, aws_ResourceAccount=OWN)
    assert not denied(SERVICE, ROLE, action, own), "a call that names no account, such as one that lists"


def test_images_of_add_ons_and_layers_still_arrive() -> None:
    addons = "arn:aws:ecr:us-east-1:602401143452:repository/eks/coredns"
    assert not denied(SERVICE, ROLE, "ecr:BatchGetImage", addons, aws_ResourceAccount="602401143452")
    layer = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/some-layer"
    assert not denied(SERVICE, ROLE, "s3:GetObject", layer, aws_ResourceAccount="999999999999")


@pytest.mark.parametrize(
    "action",
    ["cloudtrail:StopLogging", "guardduty:DeleteDetector", "ec2:DeleteFlowLogs", "s3:PutAccountPublicAccessBlock"],
)
def test_only_administrators_who_are_named_change_what_the_account_is_watched_by(action: str) -> None:
    assert denied(SERVICE, ROLE, action, "*")
    assert not denied(SERVICE, DEPLOY, action, "*")


def test_not_even_an_administrator_leaves_the_organisation() -> None:
    assert denied(SERVICE, DEPLOY, "organizations:LeaveOrganization", "*")


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", OBJECT),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{OWN}:key/1"),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OWN}:queue"),
        ("ecr:BatchGetImage", f"arn:aws:ecr:us-east-1:{OWN}:repository/moka/spark"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{OWN}:secret:a"),
        ("sts:AssumeRole", ROLE),
    ],
)
def test_nobody_of_another_account_touches_what_the_account_owns(action: str, resource: str) -> None:
    assert denied(RESOURCE, FOREIGN, action, resource)
    assert not denied(RESOURCE, ROLE, action, resource)


def test_services_act_for_this_account_alone() -> None:
    delivery = "logging.s3.amazonaws.com"
    assert not denied(RESOURCE, delivery, "s3:PutObject", OBJECT, aws_SourceAccount=OWN)
    assert denied(RESOURCE, delivery, "s3:PutObject", OBJECT, aws_SourceAccount=OTHER)
    assert not denied(RESOURCE, delivery, "s3:PutObject", OBJECT), "not every service says for whom it acts"


@pytest.mark.parametrize("name", ["OrganizationAccountAccessRole", "AWSControlTowerExecution"])
def test_the_management_account_keeps_its_way_in(name: str) -> None:
    assert not denied(RESOURCE, FOREIGN, "sts:AssumeRole", f"arn:aws:iam::{OWN}:role/{name}")


@pytest.mark.parametrize("policy", [SERVICE, RESOURCE])
def test_they_are_within_what_aws_organizations_takes(policy: Document) -> None:
    """5,120 characters, denials alone, and in a resource control policy no lone wildcard and everybody by name.

    Source: AWS Organizations user guide, "Quotas and service limits", "SCP syntax" and "RCP syntax".
    """
    assert len(json.dumps(policy, separators=(",", ":"))) <= 5120
    assert {each["Effect"] for each in policy["Statement"]} == {"Deny"}
    if policy is RESOURCE:
        assert {each["Principal"] for each in policy["Statement"]} == {"*"}
        assert "*" not in [action for each in policy["Statement"] for action in each["Action"]]
