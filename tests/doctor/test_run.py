"""Whole runs: one fault at a time, and rights that are missing; test_cli.py has those of healthy accounts."""

from collections.abc import Callable, Iterable

import pytest
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError

from doctor.actions import action_of
from doctor.check import Check
from doctor.checks import CALLS, CHECKS
from doctor.finding import Finding, ok
from doctor.run import run
from doctor.surroundings import Surroundings
from tests.doctor.clients import DENIED, Refusal
from tests.doctor.faults import FAULTS, Fault
from tests.doctor.patient import Patient
from tests.stack_files import Tree

# A HEAD of a bucket that is there is refused as one of somebody else's is; nobody is refused the question who he is.
NOT_REFUSED = {"s3:HeadBucket", "sts:GetCallerIdentity"}
# Only asked where settings ask for it, or another call was refused.
SELDOM = {
    "service-quotas:ListRequestedServiceQuotaChangeHistoryByQuota",
    "kms:DescribeKey",
    "ec2:DescribeRegions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "guardduty:ListDetectors",
    "iam:SimulatePrincipalPolicy",
    "s3:ListBuckets",
    "sso-admin:ListInstances",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}-{fault.text[:30]}")
def test_a_fault_is_found_by_its_check_and_by_no_other(fault: Fault, patients: Callable[[str], Patient]) -> None:
    patient = patients(fault.stack)
    fault.plant(patient)
    outcomes = patient.look()
    found = outcomes[fault.check]
    assert found.status == fault.status, found
    worst = next(each for each in found.findings if each.status == fault.status)
    assert fault.text in worst.detail
    assert fault.fix in worst.fix
    wrong = {name for name, each in outcomes.items() if each.status in ("warn", "fail")}
    assert wrong == {fault.check}, {name: outcomes[name].findings for name in wrong}


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert {each.name for each in CHECKS} - {each.check for each in FAULTS} == {"plan"}, (
        "test_plan.py has those of plan"
    )


@pytest.mark.parametrize("call", [each for each in CALLS if each not in NOT_REFUSED | SELDOM])
def test_what_may_not_be_asked_is_a_warning_that_names_the_action(call: str, dev: Patient) -> None:
    dev.said[call] = lambda _: DENIED
    outcomes = dev.look()
    asking = {each.name for each in CHECKS if call in each.calls}
    warned = {name for name, each in outcomes.items() if each.status == "warn"}
    assert {name for name, each in outcomes.items() if each.status not in ("ok", "warn")} == set()
    if call == "account:GetRegionOptStatus":
        assert warned == set(), "Amazon EC2 is asked instead"
        return
    assert warned
    assert warned <= asking
    for name in warned:
        assert any(f"may not {action_of(call)}" in each.detail for each in outcomes[name].findings), outcomes[name]


def test_without_credentials_one_line_says_so_and_what_hangs_on_it_is_skipped(dev: Patient) -> None:
    def nobody(_: object) -> object:
        raise NoCredentialsError

    dev.said["sts:GetCallerIdentity"] = nobody
    outcomes = dev.look()
    assert [name for name, each in outcomes.items() if each.status == "fail"] == ["credentials"]
    assert "aws sso login" in outcomes["credentials"].findings[0].fix
    skipped = {each.findings[0].detail for each in outcomes.values() if each.status == "skip"}
    assert skipped == {"not looked at, because credentials failed"}
    assert outcomes["pulumi"].status == "ok"


def test_a_service_that_does_not_answer_is_a_warning_and_ends_nothing(dev: Patient) -> None:
    def nobody(_: object) -> object:
        raise ConnectTimeoutError(endpoint_url="https://kms.us-east-1.amazonaws.com")

    dev.said["kms:ListAliases"] = nobody
    outcomes = dev.look()
    assert {name for name, each in outcomes.items() if each.status != "ok"} == {"key-aliases"}
    assert "kms.us-east-1.amazonaws.com" in outcomes["key-aliases"].findings[0].detail


def test_another_error_is_a_warning_with_what_aws_said(dev: Patient) -> None:
    dev.said["kms:ListAliases"] = lambda _: Refusal("ThrottlingException", "Rate exceeded")
    outcomes = dev.look()
    assert {name for name, each in outcomes.items() if each.status != "ok"} == {"key-aliases"}
    (found,) = outcomes["key-aliases"].findings
    assert (found.status, found.fix) == ("warn", "look again")
    assert "kms:ListAliases: ThrottlingException: Rate exceeded" in found.detail


def test_what_was_found_before_a_refusal_is_kept(dev: Patient) -> None:
    decision = {"EvalActionName": "iam:CreateServiceLinkedRole", "EvalDecision": "implicitDeny"}
    dev.said["iam:SimulatePrincipalPolicy"] = lambda _: {"EvaluationResults": [decision]}
    dev.said["iam:GetRole"] = lambda params: (
        DENIED if params["RoleName"] == "AWSServiceRoleForEC2Spot" else Refusal("NoSuchEntity", status=404)
    )
    found = dev.outcome("service-linked-roles")
    assert [each.status for each in found.findings] == ["fail", "fail", "fail", "warn"]
    assert found.status == "fail"


def test_calls_of_one_check_are_none_of_the_next(dev: Patient) -> None:
    def ask(here: Surroundings) -> Iterable[Finding]:
        yield ok(str(len(here.aws.ask("ec2:DescribeAddresses")["Addresses"])))

    dev.clients.answers = {"ec2:DescribeAddresses": lambda _: {"Addresses": []}}
    first = Check("first", "", ask, calls=("ec2:DescribeAddresses",))
    results = run([first, Check("second", "", ask)], dev.surroundings(dev.plan))
    assert next(results).status == "ok"
    with pytest.raises(ValueError, match="is not among the calls"):
        next(results)


def test_a_check_is_refused_a_call_that_it_does_not_declare(dev: Patient) -> None:
    here = dev.surroundings(dev.plan)
    here.aws.allowed = ("ec2:DescribeVpcs",)
    with pytest.raises(ValueError, match="kms:ListAliases is not among the calls"):
        here.aws.ask("kms:ListAliases")


def test_every_check_needs_only_earlier_ones() -> None:
    seen: set[str] = set()
    for each in CHECKS:
        assert set(each.needs) <= seen, each.name
        assert each.name not in seen
        seen.add(each.name)


def test_who_asks_is_asked_where_credentials_are_known_before_a_region_is_switched_on(dev: Patient) -> None:
    def move(tree: Tree) -> None:
        tree["region"] = "eu-central-1"
        tree["network"]["zones"] = {"eu-central-1a": "100.66.0.0/16", "eu-central-1b": "100.67.0.0/16"}
        del tree["images"]["credentials"]

    dev.change(move)
    assert dev.outcome("region").status == "ok"
    regions = {call: region for call, _, region in dev.clients.calls}
    assert regions == {"sts:GetCallerIdentity": "us-east-1", "account:GetRegionOptStatus": "us-east-1"}
