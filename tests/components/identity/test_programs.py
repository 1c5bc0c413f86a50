"""Calls of programs as they are filled in for one deployment."""

import pytest

from components.identity.programs.call import Asked, Call, Program, fields_of

KEY, NODES = "aws:kms/key:Key", "aws:ec2/subnet:Subnet"


def resource(kind: str, name: str, arn: str) -> dict[str, object]:
    return {"type": kind, "urn": f"urn:pulumi:test::moka::{kind}::{name}", "outputs": {"arn": arn}}


def test_fields_are_the_arns_of_what_they_name_each_in_its_place() -> None:
    found = fields_of(
        [
            resource(NODES, "network-nodes-us-east-1b", "b"),
            resource(NODES, "network-nodes-us-east-1a", "a"),
            resource(NODES, "network-public-us-east-1a", "public"),
            resource(KEY, "log-buckets", "key"),
            resource(NODES, "log-buckets", "no key"),
        ]
    )
    assert found == {"node_subnets": ("a", "b"), "log_key": ("key",)}


def test_each_action_is_asked_on_each_value_with_the_calls_own_context_first() -> None:
    call = Call(("s3:PutObject", "s3:GetObject"), ("{spark_logs}/1", "*"), "source", {"aws:ResourceAccount": "2"})
    program = Program("writer", "writer-pod", (call,), {"aws:ResourceAccount": "1", "aws:RequestedRegion": "r"})
    context = {"aws:ResourceAccount": "2", "aws:RequestedRegion": "r"}
    assert list(program.requests({"spark_logs": ("x", "y")})) == [
        Asked(action, arn, context) for arn in ("x/1", "y/1", "*") for action in call.actions
    ]


def test_a_field_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="workspace"):
        list(Call(("aps:RemoteWrite",), ("{workspace}",), "source").requests({}))
