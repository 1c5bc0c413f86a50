"""Objects and changes that are not taken: the API server names the field, its admission the object, and why."""

from collections.abc import Callable

from tests.local_cluster.comparison.real_kubernetes import Object
from tests.local_cluster.drills.mistake import Mistake, Says, World, refused
from tests.local_cluster.drills.planted_objects import (
    LABELS,
    SELECTOR,
    claim,
    container,
    deployment,
    made,
    pod,
    template,
)

_SERVER, _ADMISSION = "API server", "admission"


def _restricted(content: Object) -> Callable[[World], Says]:
    """A pod in a namespace whose pods must satisfy Pod Security's strictest level."""

    def plant(world: World) -> Says:
        label = {"pod-security.kubernetes.io/enforce": "restricted"}
        named = {"name": world.namespace, "labels": label}
        world.kubernetes.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": named})
        said = world.refusal(content)
        return lambda: said

    return plant


def _webhook_without_endpoints(world: World) -> Says:
    """A webhook that must answer, behind a service that selects no pod."""
    service = made("Service", name="guard", spec={"selector": {"app": "nobody"}, "ports": [{"port": 443}]})
    world.make(service)
    webhook = {
        "name": "guard.moka.example",
        "clientConfig": {"service": {"namespace": world.namespace, "name": "guard", "path": "/"}},
        "failurePolicy": "Fail",
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": world.namespace}},
        "rules": [
            {
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "resources": ["pods"],
                "operations": ["CREATE"],
                "scope": "Namespaced",
            }
        ],
    }
    kind = ("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1")
    configuration = made(*kind, name=world.namespace, webhooks=[webhook])
    world.make(configuration)
    # The API server hears of its webhooks by a watch, which takes a moment.
    return lambda: world.refusal(pod())


def _controllers_pods(content: Object) -> Callable[[World], Says]:
    """A deployment that is taken, and whose pods are not."""

    def plant(world: World) -> Says:
        world.make(content)

        def says() -> str:
            standing = world.kubernetes.read(world.here(content)) or {}
            conditions = standing.get("status", {}).get("conditions") or []
            return "\n".join(each["message"] for each in conditions if each["type"] == "ReplicaFailure")

        return says

    return plant


_STATEFUL = {"serviceName": "planted", "selector": SELECTOR, "replicas": 0, "template": template()}
_OTHER = {"matchLabels": {"app": "other"}}
_RELABELLED = {**template(), "metadata": {"labels": {"app": "other"}}}
_PROBE = {"httpGet": {"port": 80900, "path": "/"}}
_QUOTA = made("ResourceQuota", spec={"hard": {"requests.memory": "1Gi"}})
_LIMITS = made("LimitRange", spec={"limits": [{"type": "Container", "max": {"memory": "1Gi"}}]})
_TWO_GIB = {"requests": {"memory": "2Gi"}, "limits": {"memory": "2Gi"}}
_FIXED = made("ConfigMap", data={"a": "b"}, immutable=True)
_SERVICE = made("Service", spec={"ports": [{"port": 80}], "clusterIP": "172.20.77.1"})

ADMISSION_MISTAKES = [
    Mistake(
        "a field is misspelt",
        _SERVER,
        refused(deployment(imagePulPolicy="Always")),
        (".spec.template.spec.containers", "imagePulPolicy", "field not declared in schema"),
    ),
    Mistake(
        "a probe asks a port that can't be",
        _SERVER,
        refused(deployment(readinessProbe=_PROBE)),
        ("readinessProbe.httpGet.port", "80900", "must be between 1 and 65535"),
    ),
    Mistake(
        "a limit is below its request",
        _SERVER,
        refused(deployment(resources={"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}})),
        ("resources.requests", "must be less than or equal to memory limit of 1Gi"),
    ),
    Mistake(
        "a container mounts a volume that the pod does not have",
        _SERVER,
        refused(deployment(volumeMounts=[{"name": "dta", "mountPath": "/data"}])),
        ("volumeMounts[0].name", "Not found", "dta"),
    ),
    Mistake(
        "a deployment's selector is changed",
        _SERVER,
        refused(made("Deployment", "apps/v1", spec={"selector": _OTHER, "template": _RELABELLED}), deployment()),
        ("spec.selector", "field is immutable"),
    ),
    Mistake(
        "the claims of a StatefulSet's template are changed",
        _SERVER,
        refused(
            made("StatefulSet", "apps/v1", spec={**_STATEFUL, "volumeClaimTemplates": [claim("gp3")]}),
            made("StatefulSet", "apps/v1", spec=_STATEFUL),
        ),
        ('StatefulSet.apps "planted"', "updates to statefulset spec for fields other than"),
    ),
    Mistake(
        "a claim is made smaller",
        _SERVER,
        refused(claim("gp3", size="1Gi"), claim("gp3", size="2Gi")),
        ("spec", "is immutable after creation except resources.requests"),
    ),
    Mistake(
        "a ConfigMap that is fixed is changed",
        _SERVER,
        refused(made("ConfigMap", data={"a": "c"}, immutable=True), _FIXED),
        ("data", "field is immutable when `immutable` is set"),
    ),
    Mistake(
        "a service asks for the address of another",
        _SERVER,
        refused(made("Service", name="second", spec=_SERVICE["spec"]), _SERVICE),
        ("spec.clusterIPs", "172.20.77.1", "provided IP is already allocated"),
    ),
    Mistake(
        "a pod wants privileges that its namespace forbids",
        _ADMISSION,
        _restricted(pod({"containers": [container(securityContext={"privileged": True})]})),
        ('pods "planted" is forbidden', 'container "a" must not set securityContext.privileged=true'),
    ),
    Mistake(
        "a webhook that must answer has no endpoints",
        _ADMISSION,
        _webhook_without_endpoints,
        ('failed calling webhook "guard.moka.example"', 'no endpoints available for service "guard"'),
    ),
    Mistake(
        "a pod is more than the quota of its namespace leaves",
        _ADMISSION,
        refused(pod(resources={"requests": {"memory": "2Gi"}}), _QUOTA),
        ("exceeded quota: planted", "requested: requests.memory=2Gi", "limited: requests.memory=1Gi"),
    ),
    Mistake(
        "a container is larger than the limits of its namespace",
        _ADMISSION,
        refused(pod(resources=_TWO_GIB), _LIMITS),
        ('pods "planted" is forbidden', "maximum memory usage per Container is 1Gi, but limit is 2Gi"),
    ),
    Mistake(
        "a deployment names a priority class that is not there",
        _ADMISSION,
        _controllers_pods(deployment({"priorityClassName": "moka-platfrom"})),
        ("no PriorityClass with name moka-platfrom was found",),
    ),
    Mistake(
        "a deployment names a service account that is not there",
        _ADMISSION,
        _controllers_pods(deployment({"serviceAccountName": "sprak"})),
        ('serviceaccount "sprak" not found',),
    ),
    Mistake(
        "a budget says both what must stay and what may go",
        _SERVER,
        refused(
            made(
                "PodDisruptionBudget",
                "policy/v1",
                spec={"minAvailable": 1, "maxUnavailable": 1, "selector": {"matchLabels": LABELS}},
            )
        ),
        ("minAvailable and maxUnavailable cannot be both set",),
    ),
]
