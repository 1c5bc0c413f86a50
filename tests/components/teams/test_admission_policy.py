"""The policy over pods of teams; a real API server judges its expressions in the drills."""

from typing import Any

import pulumi
import pytest

from components.scheduler.workloads import SCHEDULER_WORKLOAD
from components.teams.admission_policy import WANTED, team_pods_policy
from tests.recorder import Recorder, record

HOOKS = "kubernetes:admissionregistration.k8s.io/v1"
ACCOUNTS = {"spark-sales": {"spark": None, "ingest": None}, "spark-ads": {"spark": None}}


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    def build() -> None:
        owner = pulumi.ComponentResource("moka:index:Owner", "owner")
        team_pods_policy("team-pods", ACCOUNTS, opts=pulumi.ResourceOptions(parent=owner))

    return record(build)


def spec(recorded: Recorder, kind: str = "ValidatingAdmissionPolicy") -> dict[str, Any]:
    return recorded.only(f"{HOOKS}:{kind}").inputs["spec"]


def test_it_holds_for_new_pods_of_team_namespaces_alone_and_for_everybody(recorded: Recorder) -> None:
    (rule,) = spec(recorded)["matchConstraints"]["resourceRules"]
    assert (rule["resources"], rule["operations"]) == (["pods"], ["CREATE"])
    assert "matchConditions" not in spec(recorded), "an administrator's pod takes its node's memory, too"
    assert spec(recorded)["failurePolicy"] == "Fail"
    binding = spec(recorded, "ValidatingAdmissionPolicyBinding")
    (expression,) = binding["matchResources"]["namespaceSelector"]["matchExpressions"]
    assert (expression["operator"], expression["values"]) == ("In", ["spark-ads", "spark-sales"])
    assert binding["validationActions"] == ["Deny"]


def test_every_container_is_asked_for_a_limit_of_memory_and_all_requests(recorded: Recorder) -> None:
    asked = {(part, resource) for part, resource, _ in WANTED.values()}
    requests = {("requests", each) for each in ("cpu", "memory", "ephemeral-storage")}
    assert asked == {("limits", "memory"), *requests}
    checked = [each["expression"] for each in spec(recorded)["validations"]]
    assert checked[: len(WANTED)] == [f"variables.{name}.size() == 0" for name in WANTED]
    variables = {each["name"]: each["expression"] for each in spec(recorded)["variables"]}
    assert "initContainers" in variables["containers"]


def test_accounts_are_those_of_the_pods_own_team(recorded: Recorder) -> None:
    variables = {each["name"]: each["expression"] for each in spec(recorded)["variables"]}
    listed = "{'spark-ads': ['spark'], 'spark-sales': ['ingest', 'spark']}"
    assert variables["accounts"] == f"{listed}[request.namespace]"


def test_places_of_gangs_which_name_no_account_are_known_by_who_makes_them(recorded: Recorder) -> None:
    scheduler = f"system:serviceaccount:{SCHEDULER_WORKLOAD.namespace}:{SCHEDULER_WORKLOAD.name}"
    (rule,) = [each["expression"] for each in spec(recorded)["validations"] if "accounts" in each["expression"]]
    assert rule.endswith(f" || request.userInfo.username == '{scheduler}'")


def test_every_refusal_says_where_to_read_on(recorded: Recorder) -> None:
    for each in spec(recorded)["validations"]:
        assert "docs/teams.md" in each["message"]
        assert "docs/teams.md" in each["messageExpression"]
