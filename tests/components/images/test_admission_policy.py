"""The policy that keeps foreign images out of team namespaces; real API servers judge its expressions in the drills."""

from typing import Any

import pulumi
import pytest

from components.account import Account
from components.images.admission_policy import images_policy
from components.images.table import PAUSE
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
MIRRORED = Account("dev", ACCOUNT_ID, REGION, "registry.internal/moka")
HOOKS = "kubernetes:admissionregistration.k8s.io/v1"


def build(account: Account = ACCOUNT, *, digests_required: bool = True) -> Recorder:
    def make() -> None:
        owner = pulumi.ComponentResource("moka:index:Owner", "owner")
        opts = pulumi.ResourceOptions(parent=owner)
        images_policy("team-images", account, ["spark-b", "spark-a"], digests_required=digests_required, opts=opts)

    return record(make)


def spec(recorded: Recorder, kind: str = "ValidatingAdmissionPolicy") -> dict[str, Any]:
    return recorded.only(f"{HOOKS}:{kind}").inputs["spec"]


def test_it_holds_for_pods_and_what_is_added_to_them_in_team_namespaces_alone() -> None:
    recorded = build()
    rules = spec(recorded)["matchConstraints"]["resourceRules"]
    assert {each["resources"][0]: each["operations"] for each in rules} == {
        "pods": ["CREATE", "UPDATE"],
        "pods/ephemeralcontainers": ["UPDATE"],
    }
    binding = spec(recorded, "ValidatingAdmissionPolicyBinding")
    (expression,) = binding["matchResources"]["namespaceSelector"]["matchExpressions"]
    assert expression["values"] == ["spark-a", "spark-b"]
    assert binding["validationActions"] == ["Deny"]
    assert spec(recorded)["failurePolicy"] == "Fail"


@pytest.mark.parametrize("digests_required", [True, False])
def test_digests_are_asked_for_where_settings_say_so(digests_required: bool) -> None:
    expressions = [each["expression"] for each in spec(build(digests_required=digests_required))["validations"]]
    assert ("variables.unpinned.size() == 0" in expressions) is digests_required
    assert "variables.foreign.size() == 0" in expressions


@pytest.mark.parametrize("account", [ACCOUNT, MIRRORED])
def test_the_places_of_gangs_are_held_by_the_environments_own_image(account: Account) -> None:
    variables = {each["name"]: each["expression"] for each in spec(build(account))["variables"]}
    assert f"each != '{account.images}/{PAUSE.reference}'" in variables["unpinned"]
    assert f"each.startsWith('{account.registry}/')" in variables["foreign"]
    assert f"each.startsWith('{account.images}/')" in variables["foreign"]


def test_every_refusal_says_where_to_read_on() -> None:
    for each in spec(build())["validations"]:
        assert "docs/images.md" in each["message"]
        assert "docs/images.md" in each["messageExpression"]
