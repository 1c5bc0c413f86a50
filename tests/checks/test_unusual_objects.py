"""Correct but unusual Kubernetes objects: no judge finds a mistake in them."""

from typing import Any

import pytest

from offline.checks.judges import findings_among, findings_in
from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.pod_security import PodSecurityJudge
from offline.checks.kubernetes.references import ReferencesJudge
from offline.checks.kubernetes.takeover import TakeoverJudge
from offline.checks.kubernetes.validation import ApiServerJudge
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN, secret

SERVER = ApiServer()
JUDGES = (ApiServerJudge(SERVER), PodSecurityJudge(SERVER), TakeoverJudge(SERVER), ReferencesJudge())
IMAGE = "registry.example:5000/team/app@sha256:" + "0" * 64


def pod(**more: Any) -> dict[str, Any]:
    return {"containers": [{"name": "a", "image": IMAGE}], **more}


def deployment(spec: dict[str, Any], labels: Any = None, selector: Any = None) -> dict[str, Any]:
    labels = labels or {"app": "a"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    return workload("Deployment", {"selector": {"matchLabels": selector or labels}, "template": template})


def workload(kind: str, spec: dict[str, Any], version: str = "apps/v1", name: str = "a") -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "default"}, "spec": spec}


def container(**more: Any) -> dict[str, Any]:
    return deployment({"containers": [{"name": "a", "image": IMAGE, **more}]})


PORTS = {"ports": [{"port": 80}]}
UNUSUAL: dict[str, dict[str, Any]] = {
    "longest Deployment name": workload("Deployment", container()["spec"], name="a" * 253),
    "longest Service name": workload("Service", PORTS, "v1", "a" * 63),
    "a name that looks like an IPv6 address's groups": {
        **workload("ConfigMap", {}, "v1", "2001.db8.0.1"),
        "spec": None,
    },
    "a role's name with colons": {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "moka:fe80::1"},
        "rules": [{"apiGroups": [""], "resources": ["pods", "nodes/metrics"], "verbs": ["get", "impersonate"]}],
    },
    "empty optional lists": deployment(
        pod(tolerations=[], volumes=[], imagePullSecrets=[], initContainers=[], nodeSelector={})
    ),
    "a headless service without selector": workload("Service", {**PORTS, "clusterIP": "None"}, "v1"),
    "a service elsewhere": workload("Service", {"type": "ExternalName", "externalName": "db.example"}, "v1"),
    "a dual-stack service": workload(
        "Service", {**PORTS, "ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv6", "IPv4"]}, "v1"
    ),
    "a service at an IPv6 address": workload("Service", {**PORTS, "clusterIP": "fd00::a"}, "v1"),
    "quantities in rare units": container(resources={"requests": {"cpu": "1e-1", "memory": "1Ki"}}),
    "a port by number and a probe by name": container(
        ports=[{"containerPort": 65535, "name": "a-15-char-name0"}],
        livenessProbe={"httpGet": {"port": "a-15-char-name0", "path": "/"}},
    ),
    "a job": workload("Job", {"template": {"spec": pod(restartPolicy="Never")}}, "batch/v1"),
    "an optional ConfigMap that is nowhere": container(envFrom=[{"configMapRef": {"name": "none", "optional": True}}]),
    "a budget that selects all": workload("PodDisruptionBudget", {"minAvailable": "50%", "selector": {}}, "policy/v1"),
    "a secret of unknown and known parts": {
        **workload("Secret", {}, "v1"),
        "spec": None,
        "stringData": secret({"a": UNKNOWN, "b": "c"}),
    },
    "an unknown number of replicas": {**deployment(pod()), "spec": {**deployment(pod())["spec"], "replicas": UNKNOWN}},
    "an unknown spec": workload("Deployment", {}) | {"spec": UNKNOWN},
    "an unknown label that is selected": deployment(pod(), {"app": UNKNOWN}, {"app": "a"}),
    "an unknown selector": deployment(pod(), {"app": "a"}, {"app": UNKNOWN}),
    "an unknown volume that is mounted": deployment(
        {
            "containers": [{"name": "a", "image": IMAGE, "volumeMounts": [{"name": "v", "mountPath": "/v"}]}],
            "volumes": [{"name": UNKNOWN, "emptyDir": {}}],
        }
    ),
    "an unknown volume among many names": deployment(
        {
            "containers": [
                {
                    "name": "a",
                    "image": IMAGE,
                    "env": [{"name": f"VARIABLE_{number}", "value": "1"} for number in range(20)],
                    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                }
            ],
            "volumes": [{"name": UNKNOWN, "emptyDir": {}}],
        }
    ),
    "an unknown that may be nothing beside the other choice": deployment(
        pod(volumes=[{"name": "v", "emptyDir": UNKNOWN, "configMap": {"name": "a", "optional": True}}])
    ),
    "a privileged container where nothing forbids it": container(securityContext={"privileged": True}),
    "an unknown limit": container(resources={"requests": {"memory": "4Gi"}, "limits": {"memory": UNKNOWN}}),
    "unknown ports": container(ports=[{"containerPort": UNKNOWN}, {"containerPort": UNKNOWN}]),
    "an unknown type of a service with a node port": workload(
        "Service", {"type": UNKNOWN, "ports": [{"port": 80, "nodePort": 30080}]}, "v1"
    ),
    "unknown references": deployment(pod(serviceAccountName=UNKNOWN, priorityClassName=UNKNOWN)),
    "an unknown list": deployment(pod(tolerations=UNKNOWN, volumes=UNKNOWN)),
}


def resource(inputs: dict[str, Any]) -> Resource:
    known = {key: value for key, value in inputs.items() if value is not None}
    return Resource(f"urn:pulumi:dev::moka::kubernetes:x/v1:{inputs['kind']}::unusual", known)


@pytest.mark.parametrize("inputs", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_it_is_taken(inputs: dict[str, Any]) -> None:
    one = resource(inputs)
    assert [str(each) for each in findings_in(one, JUDGES) + findings_among([one], JUDGES)] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"replicas": UNKNOWN, "minReadySeconds": -1}, "spec.minReadySeconds"),
        ({"replicas": UNKNOWN, "replica": 1}, "spec.replica"),
    ],
)
def test_what_is_known_beside_an_unknown_value_is_judged(change: dict[str, Any], place: str) -> None:
    inputs = deployment(pod())
    inputs["spec"] |= change
    assert [each.property for each in findings_in(resource(inputs), JUDGES)] == [place]
