"""Permissions that come and go, whatever the documents look like."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from offline.diff.permissions import permission_changes

OBJECTS = "arn:aws:s3:::logs/*"
ROLE = "aws:iam/role:Role driver"
Statement = dict[str, Any]


def allow(action: str | list[str], resource: str | list[str] = OBJECTS, **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(*statements: Statement, trust: Statement | None = None, managed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A role with one policy, as a deployment describes it."""
    urn = "urn:pulumi:dev::moka::{}::{}"
    trusted = trust or {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return [
        {
            "urn": urn.format("aws:iam/role:Role", "driver"),
            "type": "aws:iam/role:Role",
            "inputs": {"assumeRolePolicy": json.dumps({"Statement": [trusted]})},
            "outputs": {"name": "moka-driver"},
        },
        {
            "urn": urn.format("aws:iam/rolePolicy:RolePolicy", "own"),
            "type": "aws:iam/rolePolicy:RolePolicy",
            "inputs": {"role": "moka-driver", "policy": json.dumps({"Statement": list(statements)})},
        },
        *(
            {
                "urn": urn.format("aws:iam/rolePolicyAttachment:RolePolicyAttachment", arn),
                "type": "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "inputs": {"role": "moka-driver", "policyArn": arn},
            }
            for arn in managed
        ),
    ]


def said(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    changes = permission_changes(before, after)
    assert {each.holder for each in changes} <= {ROLE}
    return [str(each) for each in changes]


@pytest.mark.parametrize(
    "after",
    [
        [allow("s3:GetObject"), allow("s3:PutObject")],
        [allow(["s3:PutObject", "s3:GetObject"], [OBJECTS])],
        [allow(["S3:putobject", "s3:getobject"])],
        [allow(["s3:GetObject", "s3:PutObject"]), allow("s3:GetObject", "arn:aws:s3:::logs/spark/*")],
        [allow("s3:GetObject"), allow("s3:PutObject"), allow("s3:PutObject", Condition={"Bool": {"a": "true"}})],
    ],
)
def test_documents_that_grant_the_same_differ_in_nothing(after: list[Statement]) -> None:
    assert said(role(allow(["s3:GetObject", "s3:PutObject"])), role(*after)) == []


def test_one_action_on_one_resource_comes_and_another_goes() -> None:
    before, after = role(allow(["s3:GetObject", "s3:PutObject"])), role(allow(["s3:GetObject", "s3:DeleteObject"]))
    assert said(before, after) == [f"gains s3:DeleteObject on {OBJECTS}", f"loses s3:PutObject on {OBJECTS}"]


def test_a_wider_resource_is_gained_and_a_narrower_one_lost() -> None:
    narrow = role(allow("s3:GetObject", "arn:aws:s3:::logs/spark/*"))
    wide = role(allow("s3:GetObject"))
    assert said(narrow, wide) == [f"gains s3:GetObject on {OBJECTS}"]
    assert said(wide, narrow) == [f"loses s3:GetObject on {OBJECTS}"]


def test_a_pattern_is_told_as_it_is_written_where_all_of_it_is_new_and_else_by_what_is_new() -> None:
    tags = role(allow("s3:GetObject*"))
    (whole,) = said(role(), tags)
    assert whole == f"gains s3:GetObject* on {OBJECTS}"
    (most,) = said(role(allow("s3:GetObject")), tags)
    assert most == f"gains all but 1 of s3:GetObject* on {OBJECTS}"
    (part,) = said(role(allow("s3:GetObjectAcl")), role(allow(["s3:GetObjectA*", "s3:GetObjectL*"])))
    assert part == f"gains s3:GetObjectL*, s3:getobjectattributes on {OBJECTS}"


@pytest.mark.parametrize(
    ("action", "is_wide"), [("*", True), ("s3:*", True), ("s3:Get*", False), ("s3:GetObject", False)]
)
def test_a_whole_service_is_wide(action: str, is_wide: bool) -> None:
    (change,) = permission_changes(role(), role(allow(action)))
    assert change.gained
    assert change.is_wide is is_wide
    (lost,) = permission_changes(role(allow(action)), role())
    assert not lost.is_wide


def test_everybody_is_wide_unless_a_condition_narrows_it() -> None:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    narrowed = {**everybody, "Condition": {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}}
    assert [each.is_wide for each in permission_changes(role(), role(trust=everybody)) if each.gained] == [True]
    assert [each.is_wide for each in permission_changes(role(), role(trust=narrowed)) if each.gained] == [False]


def test_a_denial_that_goes_gives_and_one_that_comes_takes() -> None:
    denied = {**allow("s3:DeleteObject"), "Effect": "Deny"}
    reads = allow("s3:GetObject")
    assert said(role(reads, denied), role(reads)) == [f"is no longer denied s3:DeleteObject on {OBJECTS}"]
    assert said(role(reads), role(reads, denied)) == [f"is denied s3:DeleteObject on {OBJECTS}"]


def test_a_condition_that_goes_gives_and_one_that_comes_takes() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    free, bound = role(allow("s3:GetObject")), role(allow("s3:GetObject", Condition=condition))
    assert said(bound, free) == [f"gains s3:GetObject on {OBJECTS}"]
    assert said(free, bound) == [f"loses s3:GetObject on {OBJECTS}"]


def test_exceptions_are_told_as_such() -> None:
    (change,) = said(role(), role({"Effect": "Allow", "NotAction": ["iam:*", "ec2:*"], "Resource": "*"}))
    assert change == "gains all but ec2:*, iam:* on *"


def test_a_managed_policy_comes_and_goes_by_its_arn() -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert said(role(), role(managed=[arn])) == [f"gains what AWS manages on {arn}"]


def test_a_role_that_goes_loses_everything() -> None:
    changes = permission_changes(role(allow("s3:GetObject")), [])
    assert [each.gained for each in changes] == [False, False]
