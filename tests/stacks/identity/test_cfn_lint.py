"""Every document passes cfn-lint, which alone of the linters knows policies without a resource."""

import pytest

from tests.stacks.identity.cfn_lint import complaints
from tests.stacks.identity.deployed import Deployed


def test_cfn_lint_has_nothing_to_say(deployed: Deployed) -> None:
    assert list(complaints(deployed.documents, deployed.settings.region)) == []


@pytest.mark.parametrize(
    ("kind", "changes", "rule"),
    [
        ("trust", {"Resource": "*"}, "E3530"),
        ("trust", {"Action": "sts:AssumeRoles"}, "W3037"),
        ("repository", {"Principal": None}, "E3513"),
        ("key", {"Action": "kms:Decript", "Resource": "*"}, "W3037"),
        ("topic", {"Condition": {"StringEqual": {"aws:SourceAccount": "1"}}, "Resource": "*"}, "E3512"),
    ],
)
def test_cfn_lint_looks_at_documents_of_each_kind(kind: str, changes: dict[str, object], rule: str) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole", **changes}
    kept = {key: value for key, value in statement.items() if value is not None}
    path = f"iam/{kind}/planted.json"
    found = list(complaints({path: {"Version": "2012-10-17", "Statement": [kept]}}, "us-east-1"))
    assert any(each.startswith(f"{path} {rule}: ") for each in found), found
