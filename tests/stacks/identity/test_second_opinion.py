"""Parliament's opinion of every document: what it says is mended, or written down with a reason."""

import pytest

from tests.stacks.identity.accepted_remarks import ACCEPTED
from tests.stacks.identity.deployed import Deployed
from tests.stacks.identity.second_opinion import Accepted, Remark, remarks


def said_of(deployed: Deployed) -> list[Remark]:
    return [each for path, document in deployed.documents.items() for each in remarks(path, document)]


def test_parliament_says_nothing_that_is_not_answered(deployed: Deployed) -> None:
    assert [each for each in said_of(deployed) if not any(one.covers(each) for one in ACCEPTED)] == []


def test_every_answer_is_to_something_that_parliament_says(everything: Deployed) -> None:
    said = said_of(everything)
    assert [str(one) for one in ACCEPTED if not any(one.covers(each) for each in said)] == []


@pytest.mark.parametrize(
    ("changes", "issue"),
    [
        ({"Action": "s3:GetObjekt"}, "UNKNOWN_ACTION"),
        ({"Action": "s3:ListBucket"}, "RESOURCE_MISMATCH"),
        ({"Condition": {"StringEquals": {"s3:prefx": "a"}}}, "UNKNOWN_CONDITION_FOR_ACTION"),
        ({"Condition": {"StringEqual": {"aws:PrincipalAccount": "1"}}}, "UNKNOWN_OPERATOR"),
        ({"Resource": "*"}, "RESOURCE_STAR"),
    ],
)
def test_parliament_looks_at_documents_of_roles_and_of_buckets(changes: dict[str, object], issue: str) -> None:
    statement = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"}
    for kind, more in (("identity", {}), ("bucket", {"Principal": "*"})):
        path = f"iam/{kind}/logs.json"
        assert list(remarks(path, {"Statement": [statement | more]})) == []
        (said,) = remarks(path, {"Statement": [statement | more | changes]})
        assert (said.issue, said.sid) == (issue, "Read")


def test_an_answer_is_to_one_statement_alone() -> None:
    answer = Accepted("RESOURCE_STAR", "iam/key/*", "Use", "a reason")
    assert answer.covers(Remark("RESOURCE_STAR", "iam/key/logs.json", "Use", ""))
    for other in (("RESOURCE_STAR", "iam/key/logs.json", "Other"), ("MALFORMED", "iam/key/logs.json", "Use")):
        assert not answer.covers(Remark(*other, ""))
