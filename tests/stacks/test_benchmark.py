"""What the CIS Amazon EKS Benchmark asks of everything that a stack makes, under mocks.

Leaves out what charts bring: of their accounts `tests/local_cluster/drills/test_access.py` asks a real API server.

Source: CIS Amazon EKS Benchmark 1.8.0, sections 4.1, 4.4 and 4.5.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import pytest

from tests.components.workloads.pods import WORKLOADS
from tests.recorder import Recorder, Registration
from tests.stack_files import ENVIRONMENTS
from tests.stacks.test_program import run_program

RBAC = "kubernetes:rbac.authorization.k8s.io/v1"
CRON_JOB = "kubernetes:batch/v1:CronJob"
# Kinds that no namespace holds.
UNBOUND = (
    "ClusterRole",
    "ClusterRoleBinding",
    "EC2NodeClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NodePool",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttributesClass",
)
WEBHOOKS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
READING = ("get", "list", "watch")


@dataclass(frozen=True)
class Right:
    """One verb on one resource, as a role grants it.

    Args:
        role: logical name of the role.
        groups: API groups.
        resource: resource, with its part behind a slash.
        verb: what may be done.
        is_named: whether it holds for objects of certain names alone.
    """

    role: str
    groups: tuple[str, ...]
    resource: str
    verb: str
    is_named: bool


def rights(resources: Iterable[Registration]) -> Iterator[Right]:
    """Every right that roles of a stack grant."""
    for each in resources:
        if each.type in (f"{RBAC}:Role", f"{RBAC}:ClusterRole"):
            for rule in each.inputs["rules"]:
                groups, is_named = tuple(rule.get("apiGroups", ())), bool(rule.get("resourceNames"))
                for resource, verb in product(rule.get("resources", ()), rule["verbs"]):
                    yield Right(each.name, groups, resource, verb, is_named)


def is_a_wildcard(right: Right) -> bool:
    return "*" in (right.verb, right.resource, *right.groups)


def reads_secrets(right: Right) -> bool:
    """The secrets of a namespace and not one by its name."""
    return right.resource == "secrets" and right.verb in READING and not right.is_named


def gives_rights_on(right: Right) -> bool:
    """Roles and bindings are written, or rights taken that a role does not hold."""
    is_of_roles = right.resource.endswith(("roles", "rolebindings"))
    return right.verb in ("bind", "escalate", "impersonate") or (is_of_roles and right.verb not in READING)


def reaches_beyond_its_pods(right: Right) -> bool:
    """Volumes of a node's files, the kubelet's own interface, other people's requests, or tokens of any account."""
    return (
        (right.resource, right.verb) == ("persistentvolumes", "create")
        or right.resource in ("nodes/proxy", "serviceaccounts/token")
        or (right.resource in WEBHOOKS and right.verb not in READING and not right.is_named)
    )


def makes_pods(right: Right) -> bool:
    kinds = ("pods", "deployments", "daemonsets", "statefulsets", "replicasets", "replicationcontrollers")
    return right.resource in (*kinds, "jobs", "cronjobs") and right.verb in ("create", "update")


FORBIDDEN: dict[Callable[[Right], bool], list[tuple[str, str]]] = {
    is_a_wildcard: [("pods", "*"), ("*", "get")],
    reads_secrets: [("secrets", "get"), ("secrets", "list")],
    gives_rights_on: [("rolebindings", "create"), ("clusterroles", "escalate"), ("users", "impersonate")],
    reaches_beyond_its_pods: [
        ("persistentvolumes", "create"),
        ("nodes/proxy", "get"),
        ("serviceaccounts/token", "create"),
        ("validatingwebhookconfigurations", "delete"),
    ],
    makes_pods: [("pods", "create"), ("jobs", "create")],
}


@cache
def program(stack: str) -> Recorder:
    return run_program(stack)


def those_that(rule: Callable[[Right], bool], stack: str) -> list[Right]:
    granted = list(rights(program(stack).registrations))
    assert len(granted) > 50
    return [each for each in granted if rule(each)]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_binding_gives_away_a_role_that_kubernetes_comes_with(stack: str) -> None:
    recorded = program(stack)
    own = {
        each.inputs["metadata"]["name"] for kind in ("Role", "ClusterRole") for each in recorded.of(f"{RBAC}:{kind}")
    }
    bindings = [each for kind in ("RoleBinding", "ClusterRoleBinding") for each in recorded.of(f"{RBAC}:{kind}")]
    assert len(bindings) > 5
    assert {each.inputs["roleRef"]["name"] for each in bindings} <= own - {"cluster-admin"}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_reads_the_secrets_of_a_namespace(stack: str) -> None:
    assert those_that(reads_secrets, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_has_a_wildcard(stack: str) -> None:
    assert those_that(is_a_wildcard, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_teams_and_their_scheduler_alone_make_pods_each_in_a_namespace(stack: str) -> None:
    makers = {each.role for each in those_that(makes_pods, stack)}
    teams = {each.inputs["metadata"]["namespace"] for each in program(stack).of("kubernetes:core/v1:ResourceQuota")}
    names = {team.removeprefix("spark-") for team in teams}
    expected = [f"spark-{name}-{who}" for name in names for who in ("drivers", "people")]
    assert makers == {*expected, *(f"scheduler-team-{name}" for name in names)}
    assert not makers & {each.name for each in program(stack).of(f"{RBAC}:ClusterRole")}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_gives_rights_or_takes_those_of_others(stack: str) -> None:
    assert those_that(gives_rights_on, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_makes_volumes_or_tokens_or_calls_kubelets_or_changes_webhooks_but_its_own(stack: str) -> None:
    assert those_that(reaches_beyond_its_pods, stack) == []


@pytest.mark.parametrize("rule", FORBIDDEN, ids=lambda rule: rule.__name__)
def test_a_right_too_many_is_found(rule: Callable[[Right], bool]) -> None:
    for resource, verb in FORBIDDEN[rule]:
        assert rule(Right("planted", ("",), resource, verb, is_named=False)), f"{verb} {resource}"
    assert not rule(Right("planted", ("",), "configmaps", "get", is_named=False))


def variables_from_secrets(workload: Registration) -> list[str]:
    spec: dict[str, Any] = workload.inputs["spec"]
    template = spec["jobTemplate"]["spec"]["template"] if workload.type == CRON_JOB else spec["template"]
    containers = [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]
    named = [each["name"] for one in containers for each in one.get("env", []) if "secretKeyRef" in str(each)]
    return [*named, *(str(each) for one in containers for each in one.get("envFrom", []) if "secretRef" in each)]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_container_has_a_secret_among_its_variables(stack: str) -> None:
    workloads = [each for kind in (*WORKLOADS, CRON_JOB) for each in program(stack).of(kind)]
    assert len(workloads) > 8
    assert {each.name: found for each in workloads if (found := variables_from_secrets(each))} == {}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_object_names_a_namespace_that_the_stack_makes_or_one_of_add_ons(stack: str) -> None:
    recorded = program(stack)
    made = {each.inputs["metadata"]["name"] for each in recorded.of("kubernetes:core/v1:Namespace")}
    objects = [each for each in recorded.registrations if each.type.startswith("kubernetes:")]
    for each in objects:
        if each.type.split(":")[-1] in UNBOUND:
            continue
        place = each.inputs.get("namespace") or each.inputs.get("metadata", {}).get("namespace")
        assert place in made | {"kube-system"}, f"{each.type} {each.name} in {place}"
    assert not [each.name for each in objects if each.inputs.get("metadata", {}).get("name") == "aws-auth"]
