"""Guard rails of the four stacks: who gets a token of the Kubernetes API, and which namespaces policies hold in."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from offline.checks.judges import releases_judge, with_what_they_bring
from offline.checks.kubernetes.objects import KubernetesObject, items, objects_among
from offline.checks.kubernetes.pod_security import LEVELS
from offline.progress import silent
from offline.providers.resource import Resource
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.conftest import StacksThatAreUp

PATCH = "kubernetes:core/v1:ServiceAccountPatch"


@cache
def objects_of(stacks: StacksThatAreUp, stack: str) -> tuple[KubernetesObject, ...]:
    """Every object of a stack, with those of its charts."""
    stacks.up(stack)
    made = [
        Resource(each["urn"], each["inputs"])
        for each in stacks.engine.export(stack)["resources"]
        if each.get("custom") and "inputs" in each
    ]
    with releases_judge(silent) as releases:
        return tuple(objects_among(with_what_they_bring(made, [releases])))


def accounts_with_rights(objects: tuple[KubernetesObject, ...]) -> Iterator[tuple[str, str]]:
    for each in objects:
        if each.kind in ("RoleBinding", "ClusterRoleBinding"):
            for subject in items(each.content.get("subjects")):
                if subject["kind"] == "ServiceAccount":
                    yield subject.get("namespace", ""), subject["name"]


def bindings(objects: tuple[KubernetesObject, ...]) -> dict[str, dict[str, Any]]:
    """Physical name of a policy to the namespaces that it is bound to."""
    return {
        each.name: each.spec["matchResources"]["namespaceSelector"]
        for each in objects
        if each.kind == "ValidatingAdmissionPolicyBinding"
    }


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_pods_have_accounts_of_their_own_and_a_token_exactly_where_the_account_has_rights(
    stacks: StacksThatAreUp, stack: str
) -> None:
    objects = objects_of(stacks, stack)
    entitled = set(accounts_with_rights(objects))
    pods = {(each.namespace, each.name): each.pods.spec for each in objects if each.pods is not None}
    assert len(pods) > 10
    for (namespace, name), spec in pods.items():
        account = spec.get("serviceAccountName")
        assert account not in (None, "default"), name
        # Kubernetes hands a token out unless the pod says otherwise.
        assert (spec.get("automountServiceAccountToken") is not False) is ((namespace, account) in entitled), name


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_namespace_enforces_a_level_and_has_a_default_account_without_a_token(
    stacks: StacksThatAreUp, stack: str
) -> None:
    objects = objects_of(stacks, stack)
    spaces = {each.name: each.labels for each in objects if each.kind == "Namespace"}
    assert {labels["pod-security.kubernetes.io/enforce"] for labels in spaces.values()} <= set(LEVELS)
    assert [name for name, each in spaces.items() if each["pod-security.kubernetes.io/enforce"] == "privileged"] == [
        "logging"
    ]
    patches = [each for each in objects if each.resource.type == PATCH]
    assert {each.namespace for each in patches} == set(spaces)
    assert {(each.name, each.content["automountServiceAccountToken"]) for each in patches} == {("default", False)}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_policies_hold_for_the_teams_and_for_everybody_else(stacks: StacksThatAreUp, stack: str) -> None:
    bound = bindings(objects_of(stacks, stack))
    teams = sorted(f"spark-{team}" for team in settings(stack).teams)
    (in_teams,) = bound["moka-team-pods"]["matchExpressions"]
    (in_platform,) = bound["moka-platform-access"]["matchExpressions"]
    assert (in_teams["operator"], in_teams["values"]) == ("In", teams)
    assert (in_platform["operator"], in_platform["values"]) == ("NotIn", teams)
    (no_agents,) = bound["moka-host-access"]["matchExpressions"]
    assert no_agents["operator"] == "NotIn"
    assert not set(teams) & set(no_agents["values"])


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_pods_that_reach_into_their_node_live_where_the_policy_lets_them(stacks: StacksThatAreUp, stack: str) -> None:
    objects = objects_of(stacks, stack)
    (no_agents,) = bindings(objects)["moka-host-access"]["matchExpressions"]
    reaching = [
        each
        for each in objects
        if each.pods is not None
        and (
            any("hostPath" in volume for volume in items(each.pods.spec.get("volumes")))
            or any(each.pods.spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))
        )
    ]
    assert {each.name for each in reaching} >= {"fluent-bit"}
    assert {each.namespace for each in reaching} <= set(no_agents["values"])
