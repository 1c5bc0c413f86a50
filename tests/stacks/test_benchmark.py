"""What the CIS Amazon EKS Benchmark asks of every object of a stack: of the program, under mocks, and of its charts.

Leaves out what Amazon EKS brings: the roles of Kubernetes itself and of add-ons.

Source: CIS Amazon EKS Benchmark 1.8.0, sections 4.1, 4.4 and 4.5.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import pytest

from offline.checks.judges import releases_judge, with_what_they_bring
from offline.checks.kubernetes.objects import KubernetesObject, items, objects_among
from offline.progress import silent
from offline.providers.resource import Resource
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.test_program import run_program

ROLES = ("ClusterRole", "Role")
WEBHOOKS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
READING = ("get", "list", "watch")
# Of schedulers that no stack has, in namespaces of teams alone; so the chart of the Spark Operator writes its role.
OF_OTHER_SCHEDULERS = ("scheduling.incubator.k8s.io", "scheduling.sigs.dev", "scheduling.volcano.sh")


@dataclass(frozen=True)
class Right:
    """One verb on one resource, as a role grants it.

    Args:
        role: kind, namespace and name of the role.
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


@cache
def objects_of(stack: str) -> tuple[KubernetesObject, ...]:
    made = [
        Resource(f"urn:pulumi:{stack}::moka::{each.type}::{each.name}", each.inputs)
        for each in run_program(stack).registrations
        if each.type.startswith("kubernetes:")
    ]
    with releases_judge(silent) as releases:
        found = tuple(objects_among(with_what_they_bring(made, [releases])))
    assert {each.resource.part_of for each in found if each.kind in ROLES} > {""}, "charts bring roles"
    return found


def rights(objects: Iterable[KubernetesObject]) -> Iterator[Right]:
    """Every right that roles of a stack grant."""
    for each in objects:
        if each.kind in ROLES:
            for rule in items(each.content["rules"]):
                groups, is_named = tuple(rule.get("apiGroups", ())), bool(rule.get("resourceNames"))
                for resource, verb in product(rule.get("resources", ()), rule["verbs"]):
                    yield Right(f"{each.kind} {each.namespace}/{each.name}", groups, resource, verb, is_named)


def is_a_wildcard(right: Right) -> bool:
    return "*" in (right.verb, right.resource, *right.groups) and right.groups != OF_OTHER_SCHEDULERS


def reads_secrets(right: Right) -> bool:
    """The secrets of a namespace and not one by its name."""
    return right.resource == "secrets" and right.verb in READING and not right.is_named


def gives_rights(right: Right) -> bool:
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


PLANTED: dict[Callable[[Right], bool], list[tuple[str, str]]] = {
    is_a_wildcard: [("pods", "*"), ("*", "get")],
    reads_secrets: [("secrets", "get"), ("secrets", "list")],
    gives_rights: [("rolebindings", "create"), ("clusterroles", "escalate"), ("users", "impersonate")],
    reaches_beyond_its_pods: [
        ("persistentvolumes", "create"),
        ("nodes/proxy", "get"),
        ("serviceaccounts/token", "create"),
        ("validatingwebhookconfigurations", "delete"),
    ],
    makes_pods: [("pods", "create"), ("jobs", "create")],
}


def those_that(rule: Callable[[Right], bool], stack: str) -> list[Right]:
    granted = list(rights(objects_of(stack)))
    assert len(granted) > 50
    return [each for each in granted if rule(each)]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_binding_gives_away_a_role_that_kubernetes_comes_with(stack: str) -> None:
    own = {each.name for each in objects_of(stack) if each.kind in ROLES}
    bindings = [each for each in objects_of(stack) if each.kind in ("ClusterRoleBinding", "RoleBinding")]
    assert len(bindings) > 5
    assert {each.content["roleRef"]["name"] for each in bindings} <= own - {"cluster-admin"}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_reads_the_secrets_of_a_namespace(stack: str) -> None:
    assert those_that(reads_secrets, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_has_a_wildcard(stack: str) -> None:
    assert those_that(is_a_wildcard, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_pods_are_made_in_namespaces_of_teams_by_their_people_drivers_scheduler_and_operator(stack: str) -> None:
    makers = {each.role for each in those_that(makes_pods, stack)}
    roles = ("spark-driver", "spark-team", "spark-operator-controller", "yunikorn-scheduler")
    assert makers == {f"Role spark-{team}/{role}" for team in settings(stack).teams for role in roles}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_gives_rights_or_takes_those_of_others(stack: str) -> None:
    assert those_that(gives_rights, stack) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_role_makes_volumes_or_tokens_or_calls_kubelets_or_changes_webhooks_but_its_own(stack: str) -> None:
    assert those_that(reaches_beyond_its_pods, stack) == []


@pytest.mark.parametrize("rule", PLANTED, ids=lambda rule: rule.__name__)
def test_a_right_too_many_is_found(rule: Callable[[Right], bool]) -> None:
    for resource, verb in PLANTED[rule]:
        assert rule(Right("planted", ("",), resource, verb, is_named=False)), f"{verb} {resource}"
    assert not rule(Right("planted", ("",), "configmaps", "get", is_named=False))


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_container_has_a_secret_among_its_variables(stack: str) -> None:
    containers = [
        (f"{each.namespace}/{each.name}", container)
        for each in objects_of(stack)
        if each.pods is not None
        for _, container in each.pods.containers()
    ]
    assert len(containers) > 10
    from_secrets = [
        (place, variable["name"])
        for place, container in containers
        for variable in items(container.get("env"))
        if "secretKeyRef" in variable.get("valueFrom", {})
    ]
    whole = [
        place for place, container in containers for each in items(container.get("envFrom")) if "secretRef" in each
    ]
    assert (from_secrets, whole) == ([], [])


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_object_names_a_namespace_that_the_stack_makes_or_one_of_add_ons(stack: str) -> None:
    made = {each.name for each in objects_of(stack) if each.kind == "Namespace"}
    places = {(each.namespace, each.kind, each.name) for each in objects_of(stack) if each.namespace}
    assert len(places) > 100
    assert [place for place in places if place[0] not in made | {"kube-system"}] == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_no_config_map_lets_anybody_in(stack: str) -> None:
    assert [each.namespace for each in objects_of(stack) if (each.kind, each.name) == ("ConfigMap", "aws-auth")] == []
