"""From resources to requests: each operation's actions, on the ARNs that AWS says they take."""

from typing import Any

import pytest

from components.account import Account
from components.identity.programs.call import Asked
from offline.permissions.calls import OPERATIONS, Operation
from offline.permissions.requests import requests_of
from offline.permissions.table import CALLS, LOOK_UPS
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-some"
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/moka-role-boundary"
ROLE = {
    "type": "aws:iam/role:Role",
    "id": "moka-dev-some",
    "inputs": {"permissionsBoundary": BOUNDARY},
    "outputs": {"name": "moka-dev-some", "arn": ROLE_ARN},
}


def asked(*resources: dict[str, Any], operations: tuple[Operation, ...] = OPERATIONS) -> list[Asked]:
    return [each for each in requests_of(resources, ACCOUNT, operations) if each.action not in LOOK_UPS]


def resource(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"type": kind, "id": "some", "inputs": inputs, "outputs": {}}


def test_reading_belongs_to_every_operation() -> None:
    for operation in OPERATIONS:
        assert "iam:GetRole" in {each.action for each in asked(ROLE, operations=(operation,))}
    read = {each.action for each in asked(ROLE, operations=("read",))}
    assert read == {"iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"}


def test_what_is_looked_up_is_asked_for_though_nothing_is_made() -> None:
    assert {each.action for each in requests_of([], ACCOUNT)} == set(LOOK_UPS)


def test_iam_looks_up_the_boundary_of_the_role_that_a_policy_goes_into() -> None:
    policy = resource("aws:iam/rolePolicy:RolePolicy", role="moka-dev-some")
    (put,) = (each for each in asked(ROLE, policy) if each.action == "iam:PutRolePolicy")
    assert (put.resource, put.context["iam:PermissionsBoundary"]) == (ROLE_ARN, BOUNDARY)
    (got,) = (each for each in asked(ROLE, policy) if each.action == "iam:GetRolePolicy")
    assert "iam:PermissionsBoundary" not in got.context


def test_an_attachment_says_which_policy() -> None:
    arn = "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"
    attachment = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role="moka-dev-some", policyArn=arn)
    (attach,) = (each for each in asked(ROLE, attachment) if each.action == "iam:AttachRolePolicy")
    assert attach.context["iam:PolicyARN"] == arn


def test_a_role_is_passed_once_for_each_service_that_may_use_it() -> None:
    profile = resource("aws:iam/instanceProfile:InstanceProfile", role="moka-dev-some")
    profile["outputs"] = {"arn": f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/some"}
    (passed,) = (each for each in asked(profile) if each.action == "iam:PassRole")
    assert (passed.resource, passed.context["iam:PassedToService"]) == (ROLE_ARN, "ec2.amazonaws.com")


def test_a_bucket_is_emptied_only_where_it_says_so() -> None:
    bucket = "aws:s3/bucket:Bucket"
    for forced in (True, False):
        made = resource(bucket, bucket="b", forceDestroy=forced)
        made["outputs"] = {"arn": "arn:aws:s3:::b"}
        deleted = {(each.action, each.resource) for each in asked(made, operations=("delete",))}
        assert (("s3:DeleteObjectVersion", "arn:aws:s3:::b/*") in deleted) == forced
        assert ("s3:DeleteBucket", "arn:aws:s3:::b") in deleted


def test_what_is_kept_on_destroy_is_not_deleted() -> None:
    kept = {**ROLE, "retainOnDelete": True}
    assert asked(kept, operations=("delete",)) == []
    assert asked(kept, operations=("update",)) == asked(ROLE, operations=("update",))


def test_a_queue_is_found_by_its_url() -> None:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/some"
    policy = resource("aws:sqs/queuePolicy:QueuePolicy", queueUrl=url)
    assert {each.resource for each in asked(policy)} == {f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:some"}


def test_each_of_a_list_is_asked_for() -> None:
    group = resource(
        "aws:eks/nodeGroup:NodeGroup",
        clusterName="moka-dev",
        nodeRoleArn=ROLE_ARN,
        subnetIds=["subnet-1", "subnet-2"],
        launchTemplate={"id": "lt-1"},
    )
    group["outputs"] = {"arn": f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:nodegroup/moka-dev/some/1"}
    launched = {each.resource.rpartition(":")[2] for each in asked(group) if each.action == "ec2:RunInstances"}
    assert {"subnet/subnet-1", "subnet/subnet-2", "launch-template/lt-1", "instance/*"} <= launched


def test_what_is_not_aws_asks_for_nothing() -> None:
    assert asked({"type": "kubernetes:core/v1:Namespace", "id": "n", "inputs": {}}) == []


def test_a_type_without_a_row_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no row for aws:lambda/function:Function"):
        asked(resource("aws:lambda/function:Function"))


def test_an_action_that_finds_nothing_to_act_on_is_an_error() -> None:
    with pytest.raises(ValueError, match="RolePolicy: iam:PutRolePolicy acts on"):
        asked(resource("aws:iam/rolePolicy:RolePolicy"))


@pytest.mark.parametrize("kind", CALLS)
def test_each_row_reads_and_every_type_is_made(kind: str) -> None:
    assert CALLS[kind].read
    assert CALLS[kind].create
