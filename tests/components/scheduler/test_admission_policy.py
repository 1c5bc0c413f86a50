"""The policy that keeps pods of teams from other schedulers."""

from typing import Any

import pytest

from components.scheduler.admission_policy import VALIDATIONS
from tests.components.scheduler.queues import SETTINGS, TEAMS, build
from tests.recorder import Recorder

HOOKS = "kubernetes:admissionregistration.k8s.io/v1"


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


def spec(recorded: Recorder, kind: str) -> dict[str, Any]:
    """Spec of the policy, or of its binding."""
    return recorded.only(f"{HOOKS}:{kind}").inputs["spec"]


def test_it_holds_for_new_pods_of_team_namespaces_alone(recorded: Recorder) -> None:
    binding = spec(recorded, "ValidatingAdmissionPolicyBinding")
    assert binding["validationActions"] == ["Deny"]
    (expression,) = binding["matchResources"]["namespaceSelector"]["matchExpressions"]
    assert expression == {
        "key": "kubernetes.io/metadata.name",
        "operator": "In",
        "values": [f"spark-{team}" for team in sorted(TEAMS)],
    }
    policy = spec(recorded, "ValidatingAdmissionPolicy")
    (rule,) = policy["matchConstraints"]["resourceRules"]
    assert (rule["resources"], rule["operations"]) == (["pods"], ["CREATE"])
    assert policy["failurePolicy"] == "Fail"


def test_the_binding_names_the_policy(recorded: Recorder) -> None:
    policy = recorded.only(f"{HOOKS}:ValidatingAdmissionPolicy").inputs["metadata"]["name"]
    assert spec(recorded, "ValidatingAdmissionPolicyBinding")["policyName"] == policy


def test_every_refusal_says_where_to_read_on(recorded: Recorder) -> None:
    said = spec(recorded, "ValidatingAdmissionPolicy")["validations"]
    assert [each["expression"] for each in said] == list(VALIDATIONS)
    assert all("docs/queues.md" in each["message"] for each in said)


def test_without_teams_there_is_nothing_to_bind_it_to() -> None:
    alone = build(SETTINGS.model_copy(update={"parents": {}}), {})
    assert alone.of(f"{HOOKS}:ValidatingAdmissionPolicy") == []
    assert alone.of(f"{HOOKS}:ValidatingAdmissionPolicyBinding") == []
