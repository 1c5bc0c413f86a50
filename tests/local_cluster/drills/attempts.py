"""What a person of team analytics tries and must not do, each with what the API server answers."""

from dataclasses import dataclass, field
from typing import Any

from components.settings import STACKS
from components.teams.names import namespace_of
from components.teams.settings import DEFAULT_SERVICE_ACCOUNT
from local_cluster.spark.application import application_of
from moka_smoke.spark_application import manifest
from tests.local_cluster.drills.planted_objects import made, pod

TEAM = "analytics"
PLANTED_APPLICATION = "planted-application"
_NAMESPACE = namespace_of(TEAM)
_TRY = ("create", "--dry-run=server")
IMAGE = application_of(STACKS.parent, "dev").word_count.image
FOREIGN = "quay.io/example/spark:1"

Object = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """One attempt.

    Args:
        what: is tried.
        words: of kubectl.
        refusal: words of the answer.
        planted: an object that kubectl is given; none if empty.
    """

    what: str
    words: tuple[str, ...]
    refusal: str
    planted: Object = field(default_factory=dict)


def with_image(planted: Object, image: str) -> Object:
    """A pod whose containers have an image."""
    spec = planted["spec"]
    return {**planted, "spec": {**spec, "containers": [{**each, "image": image} for each in spec["containers"]]}}


def in_bounds(planted: Object) -> Object:
    """A pod of a service account of the team's, whose containers limit their memory."""
    spec, limited = planted["spec"], {"resources": {"limits": {"memory": "256Mi"}}}
    containers = [limited | each for each in spec["containers"]]
    return {**planted, "spec": {"serviceAccountName": DEFAULT_SERVICE_ACCOUNT, **spec, "containers": containers}}


def of_team(planted: Object, **labels: str) -> Object:
    """An object in the team's namespace; a pod is right in everything that its author leaves out."""
    metadata = planted["metadata"]
    if planted["kind"] == "Pod":
        planted = in_bounds(with_image(planted, IMAGE))
    return {
        **planted,
        "metadata": {**metadata, "namespace": _NAMESPACE, "labels": {**metadata.get("labels", {}), **labels}},
    }


def in_queue(queue: str) -> Object:
    """A pod of an application of its own that asks for a queue."""
    made_pod = pod({"schedulerName": "yunikorn"}, name="planted-queue")
    return of_team(made_pod, queue=queue, applicationId=PLANTED_APPLICATION)


def _elsewhere(namespace: str) -> Object:
    made_application = manifest(application_of(STACKS.parent, "dev").word_count)
    return {**made_application, "metadata": {"name": "planted", "namespace": namespace}}


ATTEMPTS = [
    Attempt("an application in another namespace", _TRY, "is forbidden", _elsewhere("monitoring")),
    Attempt("a pod in another namespace", ("get", "pods", "--namespace", "monitoring"), "pods is forbidden"),
    Attempt("secrets of the namespace", ("get", "secrets", "--namespace", _NAMESPACE), "secrets is forbidden"),
    Attempt(
        "a command in a pod of the platform",
        ("exec", "--namespace", "monitoring", "prometheus-0-0", "--", "true"),
        "is forbidden",
    ),
    Attempt(
        "a token of the team's service account", ("create", "token", "spark", "--namespace", _NAMESPACE), "forbidden"
    ),
    Attempt(
        "a service account that is not the team's",
        _TRY,
        f"error looking up service account {_NAMESPACE}/otel-cluster",
        of_team(pod({"schedulerName": "yunikorn", "serviceAccountName": "otel-cluster"})),
    ),
    Attempt(
        "a node of one's own choice",
        _TRY,
        "may not name their node",
        of_team(pod({"schedulerName": "yunikorn", "nodeName": "real-1"})),
    ),
    Attempt(
        "an application of another namespace's pods",
        _TRY,
        "the application id is that of another namespace's pods",
        of_team(pod({"schedulerName": "yunikorn"}), applicationId="yunikorn-monitoring-autogen"),
    ),
    Attempt(
        "an image of another registry",
        _TRY,
        f"image {FOREIGN} is not in ",
        with_image(of_team(pod({"schedulerName": "yunikorn"})), FOREIGN),
    ),
    Attempt(
        "more rights",
        _TRY,
        "is forbidden",
        of_team(
            made(
                "RoleBinding",
                "rbac.authorization.k8s.io/v1",
                roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
                subjects=[{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": f"moka:{TEAM}"}],
            )
        ),
    ),
]
