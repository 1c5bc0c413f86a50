"""Which grants of a principal's policies its requests use."""

from collections.abc import Mapping

from offline.checks.iam.evaluation import Request
from offline.checks.iam.grants import unused_grants

ROLE = "arn:aws:iam::111111111111:role/reader"
LOGS = "arn:aws:s3:::logs"


def unused(statement: Mapping[str, object], *requests: Request) -> list[tuple[str, str]]:
    policy = {"Statement": [{"Sid": "Read", "Effect": "Allow", **statement}]}
    return [(each.action, each.resource) for each in unused_grants({"policy": policy}, requests)]


def test_a_grant_is_used_by_a_request_for_its_action_on_its_resource() -> None:
    statement = {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": [f"{LOGS}/a/*", f"{LOGS}/b/*"]}
    got = Request(ROLE, "s3:GetObject", f"{LOGS}/a/1")
    put = Request(ROLE, "s3:PutObject", f"{LOGS}/b/1")
    assert unused(statement, got, put) == [("s3:getobject", f"{LOGS}/b/*"), ("s3:putobject", f"{LOGS}/a/*")]


def test_a_wildcard_grants_each_action_that_it_stands_for() -> None:
    statement = {"Action": "sns:Publish*", "Resource": "arn:aws:sns:us-east-1:111111111111:alerts"}
    assert unused(statement) == [("sns:publish", "arn:aws:sns:us-east-1:111111111111:alerts")]
    found = unused(
        {"Action": "kms:ReEncrypt*", "Resource": "*"}, Request(ROLE, "kms:ReEncryptTo", "arn:aws:kms:::key/1")
    )
    assert found == [("kms:reencryptfrom", "*")]


def test_what_an_action_never_acts_on_is_no_grant() -> None:
    statement = {"Action": ["s3:ListBucket", "s3:GetObject"], "Resource": [LOGS, f"{LOGS}/*"]}
    assert unused(statement) == [("s3:listbucket", LOGS), ("s3:getobject", f"{LOGS}/*")]


def test_a_request_that_a_condition_keeps_out_uses_nothing() -> None:
    statement = {"Action": "s3:ListBucket", "Resource": LOGS, "Condition": {"StringLike": {"s3:prefix": "a/*"}}}
    assert unused(statement, Request(ROLE, "s3:ListBucket", LOGS)) == [("s3:listbucket", LOGS)]
    assert unused(statement, Request(ROLE, "s3:ListBucket", LOGS, {"s3:prefix": "a/b"})) == []


def test_a_denial_grants_nothing() -> None:
    assert unused({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}) == []
