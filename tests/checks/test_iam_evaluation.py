"""The evaluator of policies, by the rules that AWS documents."""

from typing import Any

import pytest

from offline.checks.iam.evaluation import Request, Verdict, decide, passes, weigh

OWN, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{OWN}:role/writer"
FOREIGN = f"arn:aws:iam::{OTHER}:role/writer"
OBJECT = "arn:aws:s3:::logs/spark/a.gz"


def policy(effect: str = "Allow", **parts: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/*", **parts}]}


def put(principal: str = ROLE, resource: str = OBJECT, **context: str) -> Request:
    return Request(
        principal, "s3:PutObject", resource, {key.replace("_", ":", 1): each for key, each in context.items()}
    )


def test_nothing_is_allowed_until_a_policy_says_so() -> None:
    assert decide(put(), owner=OWN) == "not allowed"
    assert decide(put(), [policy()], owner=OWN) == "allowed"


def test_a_denial_wins_wherever_it_stands() -> None:
    deny = policy("Deny", Principal="*")
    assert decide(put(), [policy()], deny, owner=OWN) == "denied"
    assert decide(put(), [policy(), policy("Deny")], policy(Principal="*"), owner=OWN) == "denied"


def test_a_verdict_names_the_layer_that_denied_or_did_not_allow() -> None:
    assert weigh(put(), [policy("Deny")], policy(Principal="*"), owner=OWN) == Verdict("denied", "identity")
    assert weigh(put(), [policy()], policy("Deny", Principal="*"), owner=OWN) == Verdict("denied", "resource")
    assert weigh(put(), owner=OWN) == Verdict("not allowed", "identity")
    use = {"Action": "s3:PutObject", "Resource": "*"}
    silent = policy(Principal={"AWS": FOREIGN}, **use)
    assert weigh(put(), [policy(**use)], silent, owner=OWN, key=True) == Verdict("not allowed", "resource")


def test_another_accounts_principal_needs_both_sides() -> None:
    shared = policy(Principal={"AWS": FOREIGN})
    assert decide(put(FOREIGN), [policy()], owner=OWN) == "not allowed"
    assert decide(put(FOREIGN), [], shared, owner=OWN) == "not allowed"
    assert decide(put(FOREIGN), [policy()], shared, owner=OWN) == "allowed"


def test_a_resource_policy_alone_lets_a_named_principal_of_the_account_in_but_its_root_only_delegates() -> None:
    assert decide(put(), [], policy(Principal={"AWS": ROLE}), owner=OWN) == "allowed"
    assert decide(put(), [], policy(Principal={"AWS": f"arn:aws:iam::{OWN}:root"}), owner=OWN) == "not allowed"


def test_an_endpoint_lets_through_what_its_policy_allows_and_nothing_else_whoever_calls() -> None:
    own = policy(Principal="*", Condition={"StringEquals": {"aws:PrincipalAccount": OWN}})
    assert passes(put(), own) == "allowed"
    assert passes(put(FOREIGN), own) == "not allowed"
    assert passes(put(resource="arn:aws:s3:::other/x"), own) == "not allowed"
    assert passes(put(), {"Statement": [*own["Statement"], *policy("Deny", Principal="*")["Statement"]]}) == "denied"


def test_a_key_policy_must_delegate_before_identity_policies_count() -> None:
    use: dict[str, Any] = {"Action": "kms:Decrypt", "Resource": "*"}
    request = Request(ROLE, "kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/1")
    silent = policy(Principal={"AWS": f"arn:aws:iam::{OWN}:role/other"}, **use)
    delegating = policy(Principal={"AWS": f"arn:aws:iam::{OWN}:root"}, **use)
    assert decide(request, [policy(**use)], silent, owner=OWN, key=True) == "not allowed"
    assert decide(request, [policy(**use)], delegating, owner=OWN, key=True) == "allowed"
    assert decide(request, [], delegating, owner=OWN, key=True) == "not allowed"


def test_a_service_needs_the_resource_policy_to_name_it() -> None:
    delivery = policy(Principal={"Service": "logging.s3.amazonaws.com"})
    assert decide(put("logging.s3.amazonaws.com"), [], delivery, owner=OWN) == "allowed"
    assert decide(put("cloudtrail.amazonaws.com"), [], delivery, owner=OWN) == "not allowed"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"Action": "s3:Put*"}, True),
        ({"Action": ["s3:GetObject", "S3:putobject"]}, True),
        ({"Action": "s3:Get*"}, False),
        ({"Resource": "arn:aws:s3:::logs/spark/?.gz"}, True),
        ({"Resource": "arn:aws:s3:::logs"}, False),
        ({"Resource": "arn:aws:s3:::logs/Spark/*"}, False),
    ],
)
def test_wildcards_match_actions_without_case_and_resources_with_it(parts: dict[str, Any], expected: bool) -> None:
    assert (decide(put(), [policy(**parts)], owner=OWN) == "allowed") is expected


def test_not_resource_is_everything_else() -> None:
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": ["arn:aws:s3:::logs/spark/*"]}
    assert decide(put(), [{"Statement": [statement]}], owner=OWN) == "not allowed"
    assert decide(put(resource="arn:aws:s3:::logs/x"), [{"Statement": [statement]}], owner=OWN) == "allowed"


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "s3:prefix", ["a", "spark"], True),
        ("StringEquals", "S3:Prefix", "spark", True),
        ("StringEquals", "s3:prefix", "Spark", False),
        ("StringNotEquals", "s3:prefix", ["a", "spark"], False),
        ("StringNotEquals", "s3:prefix", ["a", "b"], True),
        ("StringLike", "s3:prefix", "sp*", True),
        ("StringNotLike", "s3:prefix", "sp*", False),
        ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/writer", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:*", False),
        ("ArnNotEquals", "aws:PrincipalArn", ROLE, False),
        ("Bool", "aws:SecureTransport", "True", True),
        ("Bool", "aws:PrincipalIsAWSService", "true", False),
        # A key that the request does not have.
        ("StringEquals", "kms:ViaService", "x", False),
        ("StringNotEquals", "kms:ViaService", "x", True),
        ("ArnNotEquals", "aws:SourceArn", "arn:aws:s3:::x", True),
        ("StringEqualsIfExists", "kms:ViaService", "x", True),
        ("StringEqualsIfExists", "s3:prefix", "x", False),
        ("Null", "kms:ViaService", "true", True),
        ("Null", "s3:prefix", "true", False),
        ("Null", "s3:prefix", "false", True),
    ],
)
def test_a_condition_holds_as_aws_documents(operator: str, key: str, values: Any, expected: bool) -> None:
    allowed = decide(put(s3_prefix="spark"), [policy(Condition={operator: {key: values}})], owner=OWN)
    assert (allowed == "allowed") is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-01-30T23:59:59.9+00:00", "allowed"),
        ("2027-01-31T01:59:59+02:00", "allowed"),
        ("2027-01-31T00:00:00Z", "not allowed"),
        ("2027-02-01T00:00:00Z", "not allowed"),
    ],
)
def test_a_right_until_a_day_ends_as_that_day_begins(now: str, expected: str) -> None:
    until = policy(Condition={"DateLessThan": {"aws:CurrentTime": "2027-01-31T00:00:00Z"}})
    assert decide(put(aws_CurrentTime=now), [until], owner=OWN) == expected
    with pytest.raises(ValueError, match="aws:currenttime"):
        decide(put(), [until], owner=OWN)


def test_every_operator_and_every_key_of_a_condition_must_hold() -> None:
    both = {"StringEquals": {"s3:prefix": "spark"}, "Bool": {"aws:SecureTransport": "false"}}
    assert decide(put(s3_prefix="spark"), [policy(Condition=both)], owner=OWN) == "not allowed"
    assert decide(put(s3_prefix="spark", aws_SecureTransport="false"), [policy(Condition=both)], owner=OWN) == "allowed"


def test_what_it_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="NumericLessThan"):
        decide(put(aws_x="1"), [policy(Condition={"NumericLessThan": {"aws:x": "2"}})], owner=OWN)
    with pytest.raises(ValueError, match="NotAction"):
        decide(put(), [policy(NotAction="s3:*")], owner=OWN)
    with pytest.raises(ValueError, match="PrincipalTag"):
        decide(put(), [policy(Resource="arn:aws:s3:::logs/${aws:PrincipalTag/team}/*")], owner=OWN)


def test_a_condition_key_that_no_request_can_have_is_an_error_and_not_a_silent_no() -> None:
    misspelt = policy("Deny", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalAcount": OWN}})
    with pytest.raises(ValueError, match="aws:principalacount is one that the evaluator does not know"):
        decide(put(FOREIGN), [policy()], misspelt, owner=OWN)


def test_every_value_of_a_key_must_be_among_those_allowed_and_no_value_is_none_too_many() -> None:
    tags = policy(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["Name", "team"]}})
    for keys, expected in ((("Name",), "allowed"), (("Name", "team"), "allowed"), (("Name", "owner"), "not allowed")):
        request = Request(ROLE, "s3:PutObject", OBJECT, {"aws:TagKeys": keys})
        assert decide(request, [tags], owner=OWN) == expected, keys
    assert decide(put(), [tags], owner=OWN) == "allowed"


def test_a_key_of_several_values_is_not_compared_as_if_it_had_one() -> None:
    single = policy(Condition={"StringEquals": {"aws:TagKeys": ["Name"]}})
    with pytest.raises(ValueError, match="compares one value"):
        decide(Request(ROLE, "s3:PutObject", OBJECT, {"aws:TagKeys": ("Name",)}), [single], owner=OWN)
