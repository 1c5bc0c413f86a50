"""Questions to AWS: pages, refusals, and the actions that allow them."""

from typing import Any

import boto3
import pytest
from botocore import xform_name

from doctor.actions import action_of, policy_of
from doctor.aws import Aws, CallError, DeniedError
from doctor.checks import CALLS
from offline.checks.iam.published import actions_like
from tests.doctor.clients import Clients, Refusal


def allowed(clients: Clients, call: str, answer: Any) -> Aws:
    clients.answers = {call: answer}
    aws = Aws(clients.client, "us-east-1")
    aws.allowed = (call,)
    return aws


def test_every_page_is_read(clients: Clients) -> None:
    def page(params: Any) -> dict[str, Any]:
        if "NextToken" in params:
            return {"Vpcs": [{"VpcId": "vpc-2"}]}
        return {"Vpcs": [{"VpcId": "vpc-1"}], "NextToken": "more"}

    found = allowed(clients, "ec2:DescribeVpcs", page).pages("ec2:DescribeVpcs", "Vpcs")
    assert [each["VpcId"] for each in found] == ["vpc-1", "vpc-2"]


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"])
def test_a_refusal_names_its_action(code: str, clients: Clients) -> None:
    aws = allowed(clients, "ec2:DescribeVpcs", lambda _: Refusal(code, status=403))
    with pytest.raises(DeniedError, match="ec2:DescribeVpcs"):
        list(aws.pages("ec2:DescribeVpcs", "Vpcs"))


def test_another_error_is_none(clients: Clients) -> None:
    aws = allowed(clients, "kms:DescribeKey", lambda _: Refusal("NotFoundException", "no key"))
    with pytest.raises(CallError, match="kms:DescribeKey: NotFoundException: no key") as raised:
        aws.ask("kms:DescribeKey", KeyId="alias/x")
    assert not isinstance(raised.value, DeniedError)


def test_calls_go_to_the_region_that_they_name(clients: Clients) -> None:
    aws = allowed(clients, "ec2:DescribeAddresses", lambda _: {"Addresses": []})
    assert aws.ask("ec2:DescribeAddresses", region="eu-west-1") == {"Addresses": []}
    assert clients.client("ec2", "eu-west-1").meta.region_name == "eu-west-1"


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_an_operation_that_reads_and_its_action_exists(call: str) -> None:
    service, _, operation = call.partition(":")
    client = boto3.Session().client(service, region_name="us-east-1")
    assert client.meta.method_to_api_mapping[xform_name(operation)] == operation
    assert operation.startswith(("Get", "Describe", "List", "Head", "Simulate"))
    assert [f"{each.service}:{each.name}" for each in actions_like(action_of(call))] == [action_of(call).lower()]


def test_the_policy_allows_the_calls_and_nothing_else() -> None:
    (statement,) = policy_of(["s3:HeadBucket", "service-quotas:GetServiceQuota", "ec2:DescribeVpcs"])["Statement"]
    assert statement["Action"] == ["ec2:DescribeVpcs", "s3:ListBucket", "servicequotas:GetServiceQuota"]
