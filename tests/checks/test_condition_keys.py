"""Which condition keys a statement's requests carry, and of what type their values are."""

from typing import Any

import pytest

from offline.checks.iam.conditions import kind_of

PROVIDER = {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.example.com"}


@pytest.mark.parametrize(
    ("key", "statement", "kind"),
    [
        ("aws:SecureTransport", {"Action": "s3:GetObject"}, "bool"),
        ("s3:prefix", {"Action": "s3:ListBucket"}, "string"),
        ("s3:prefix", {"Action": "s3:GetObject"}, None),
        ("s3:prefix", {"NotAction": "iam:*"}, "string"),
        ("dynamodb:Attributes", {"Action": "dynamodb:GetItem"}, "string"),
        ("oidc.example.com:sub", {"Action": "sts:AssumeRoleWithWebIdentity", "Principal": PROVIDER}, "string"),
        ("oidc.example.org:sub", {"Action": "sts:AssumeRoleWithWebIdentity", "Principal": PROVIDER}, None),
    ],
)
def test_a_key_is_known_where_a_request_carries_it(key: str, statement: dict[str, Any], kind: str | None) -> None:
    assert kind_of(key, statement) == kind
