"""Who may not what, what keeps a node or a namespace, and what controllers can't find."""

import json

from kubernetes.client.exceptions import ApiException

from tests.local_cluster.comparison.real_kubernetes import Object
from tests.local_cluster.drills.mistake import Mistake, Says, World
from tests.local_cluster.drills.planted_objects import SELECTOR, deployment, made, pod

_AUTHORIZER = "authorizer"
_RBAC = "rbac.authorization.k8s.io"


def _role(*verbs: str, resources: str = "pods", group: str = "") -> Object:
    rule = {"apiGroups": [group], "resources": [resources], "verbs": list(verbs)}
    return made("Role", f"{_RBAC}/v1", rules=[rule])


def _binding(world: World, role: str = "planted") -> Object:
    subject = {"kind": "ServiceAccount", "name": "planted", "namespace": world.namespace}
    reference = {"apiGroup": _RBAC, "kind": "Role", "name": role}
    return made("RoleBinding", f"{_RBAC}/v1", subjects=[subject], roleRef=reference)


def _as_account(world: World, *arguments: str) -> str:
    """What kubectl tells a service account of the namespace."""
    account = f"system:serviceaccount:{world.namespace}:planted"
    told = world.stack.kubectl("--namespace", world.namespace, "--as", account, *arguments)
    return told.stdout + told.stderr


def _role_too_narrow(world: World) -> Says:
    world.make(made("ServiceAccount"), _role("get", "list"), _binding(world))
    return lambda: _as_account(world, "delete", "pod", "planted")


def _role_missing(world: World) -> Says:
    world.make(made("ServiceAccount"), _role("get", "list"), _binding(world, "plantde"))
    return lambda: _as_account(world, "get", "pods")


def _role_that_gives_more(world: World) -> Says:
    world.make(made("ServiceAccount"), _role("create", "get", resources="rolebindings", group=_RBAC), _binding(world))
    more = (
        "create",
        "rolebinding",
        "more",
        "--clusterrole=cluster-admin",
        f"--serviceaccount={world.namespace}:planted",
    )
    return lambda: _as_account(world, *more)


def _person_without_rights(world: World) -> Says:
    token = ("--token", "k8s-aws-v1.forged")
    told = world.stack.kubectl("get", "pods", *token, context="moka-platform")
    return lambda: told.stderr


def _budget(name: str) -> Object:
    return made("PodDisruptionBudget", "policy/v1", name=name, spec={"maxUnavailable": 0, "selector": SELECTOR})


def _eviction(world: World) -> str:
    """What an eviction of the pod is told, as a drain asks for it."""
    eviction = world.here({"apiVersion": "policy/v1", "kind": "Eviction"})
    try:
        world.stack.cluster.api.resource("Pod").eviction.create(
            name="planted", namespace=world.namespace, body=eviction
        )
    except ApiException as error:
        return json.dumps(json.loads(error.body or "{}"))
    return "evicted"


def _is_ready(world: World) -> bool:
    conditions = world.pod().get("status", {}).get("conditions") or []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _budget_that_allows_nothing(world: World) -> Says:
    world.make(pod(), _budget("never"))
    world.kubernetes.wait_until(lambda: _is_ready(world), "the pod")
    return lambda: _eviction(world)


def _two_budgets(world: World) -> Says:
    world.make(pod(), _budget("never"), _budget("nor-this"))
    world.kubernetes.wait_until(lambda: _is_ready(world), "the pod")
    return lambda: _eviction(world)


def _finalizer_that_nobody_removes(world: World) -> Says:
    held = {"name": "planted", "finalizers": ["moka.example/never"], "namespace": world.namespace}
    world.make({"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": world.namespace}}
    world.kubernetes.delete(space, at_once=True)

    def says() -> str:
        conditions = (world.kubernetes.read(space) or {}).get("status", {}).get("conditions") or []
        return "\n".join(each["message"] for each in conditions)

    return says


def _deployment_that_waits(world: World) -> Says:
    waiting = deployment({"nodeSelector": {"moka/workload": "none"}})
    waiting["spec"]["progressDeadlineSeconds"] = 1
    world.make(waiting)
    status = ("rollout", "status", "deployment/planted", "--timeout=20s")

    def says() -> str:
        told = world.stack.kubectl("--namespace", world.namespace, *status)
        return told.stdout + told.stderr

    return says


RIGHTS_MISTAKES = [
    Mistake(
        "a role is too narrow for its service account",
        _AUTHORIZER,
        _role_too_narrow,
        ('cannot delete resource "pods"', ":planted"),
    ),
    Mistake("a binding names a role that is not there", _AUTHORIZER, _role_missing, ('"plantde" not found',)),
    Mistake(
        "an account gives itself more than it has",
        _AUTHORIZER,
        _role_that_gives_more,
        ('rolebindings.rbac.authorization.k8s.io "more" is forbidden', "attempting to grant RBAC permissions"),
    ),
    Mistake("a token is nobody's", "authenticator", _person_without_rights, ("must be logged in",)),
    Mistake(
        "a budget lets no pod go",
        "eviction",
        _budget_that_allows_nothing,
        (
            "Cannot evict pod as it would violate the pod's disruption budget",
            "The disruption budget never does not allow",
        ),
    ),
    Mistake(
        "two budgets are over one pod",
        "eviction",
        _two_budgets,
        ("This pod has more than one PodDisruptionBudget",),
    ),
    Mistake(
        "a finalizer keeps a namespace",
        "namespace controller",
        _finalizer_that_nobody_removes,
        ("moka.example/never in 1 resource instances",),
    ),
    Mistake(
        "a deployment gets no further",
        "kubectl rollout",
        _deployment_that_waits,
        ('deployment "planted" exceeded its progress deadline',),
    ),
]
