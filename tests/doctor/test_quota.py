"""Quotas that are held, against demands; and that their codes are AWS's."""

from typing import Any

import pytest
from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

from doctor.aws import Aws
from doctor.checks import CHECKS
from doctor.quota import CALLS, GET, PENDING, Demand, Quota, held, judge
from tests.doctor.clients import DENIED, Clients, Refusal

VPCS = Quota("vpc", "L-F678F1CE", "VPCs per Region")
UNKNOWN = Refusal("NoSuchResourceException", status=404)


def asking(clients: Clients, applied: Any, default: Any) -> Aws:
    clients.answers = {
        GET[0]: lambda _: applied,
        GET[1]: lambda _: default,
        PENDING: lambda _: {"RequestedQuotas": []},
    }
    aws = Aws(clients.client, "us-east-1")
    aws.allowed = CALLS
    return aws


def value(number: float) -> dict[str, Any]:
    return {"Quota": {"QuotaCode": VPCS.code, "Value": number}}


def test_the_applied_value_goes_before_the_default(clients: Clients) -> None:
    assert held(asking(clients, value(12), value(5)), VPCS) == 12
    assert held(asking(clients, UNKNOWN, value(5)), VPCS) == 5
    assert held(asking(clients, UNKNOWN, UNKNOWN), VPCS) is None


def test_a_quota_that_nobody_knows_is_a_warning(clients: Clients) -> None:
    (found,) = judge(asking(clients, UNKNOWN, UNKNOWN), VPCS, [Demand(1)])
    assert found.status == "warn"
    assert "aws service-quotas list-service-quotas --service-code vpc" in found.fix


@pytest.mark.parametrize(
    ("has", "status"), [(3, "fail"), (3.9, "fail"), (4, "warn"), (6, "warn"), (7, "ok"), (100, "ok")]
)
def test_what_up_makes_fails_and_what_comes_later_warns(has: float, status: str, clients: Clients) -> None:
    demand = Demand(1, others=3, at_most=4, later="later on")
    (found,) = judge(asking(clients, value(has), value(5)), VPCS, [demand])
    assert found.status == status
    assert (found.fix == "") == (status == "ok")
    if found.fix:
        assert found.fix.endswith("--region us-east-1 --service-code vpc --quota-code L-F678F1CE --desired-value 7")


def test_a_quota_of_the_whole_account_is_asked_for_where_it_is_kept(clients: Clients) -> None:
    clients.answers = {GET[0]: lambda _: value(50), PENDING: lambda _: DENIED}
    aws = Aws(clients.client, "eu-central-1")
    aws.allowed = CALLS
    (found,) = judge(aws, Quota("iam", "L-FE177D64", "Roles per account", "us-east-1"), [Demand(51)])
    assert "--region us-east-1 --service-code iam" in found.fix
    assert clients.calls[-1][2] == "us-east-1"


@pytest.mark.parametrize(
    ("status", "desired", "waits"),
    [("PENDING", 7, True), ("CASE_OPENED", 9, True), ("PENDING", 6, False), ("DENIED", 9, False)],
)
def test_who_has_asked_for_enough_is_told_to_wait(status: str, desired: float, waits: bool, clients: Clients) -> None:
    aws = asking(clients, value(3), value(5))
    request = {"Id": "d187537d15254312a9609aa51bbf7624u7W49tPO", "Status": status, "DesiredValue": desired}
    clients.answers[PENDING] = lambda _: {"RequestedQuotas": [request]}
    (found,) = judge(aws, VPCS, [Demand(7)])
    assert found.status == "fail"
    assert found.fix.startswith("wait: request d187537d") == waits
    assert ("--desired-value 7" in found.fix) != waits


def test_codes_of_vpc_quotas_are_those_that_aws_lists() -> None:
    listed = {each["QuotaCode"]: each["QuotaName"] for each in VPC_DEFAULT_QUOTAS}
    ours = [each.asks for each in CHECKS if "(vpc " in each.asks]
    assert len(ours) > 5
    for asks in ours:
        name, _, code = asks.removesuffix(")").partition(" (vpc ")
        assert listed[code] == name
