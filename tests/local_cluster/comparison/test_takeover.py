"""The judge of takeovers and a real API server agree on what conflicts, and on what does not."""

from typing import Any

import pytest

from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.objects import KubernetesObject, objects_among
from offline.checks.kubernetes.takeover import TakeoverJudge
from offline.providers.resource import Resource
from tests.local_cluster.comparison.real_kubernetes import SECOND, RealKubernetes

# They share a control plane.
pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("comparison")]

SERVER = ApiServer()


def made(kind: str, version: str, **content: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "owned", "namespace": "default"}, **content}


def workload(pod: dict[str, Any] | None = None, container: dict[str, Any] | None = None) -> dict[str, Any]:
    spec = {"containers": [{"name": "a", "image": "a:1", **(container or {})}], **(pod or {})}
    template = {"metadata": {"labels": {"app": "owned"}}, "spec": spec}
    return made(
        "Deployment",
        "apps/v1",
        spec={"replicas": 0, "selector": {"matchLabels": {"app": "owned"}}, "template": template},
    )


def variable(source: dict[str, Any]) -> dict[str, Any]:
    return workload(container={"env": [{"name": "A", "valueFrom": source}]})


def volume(content: dict[str, Any]) -> dict[str, Any]:
    return workload({"volumes": [{"name": "v", **content}]})


def lets_in(port: dict[str, Any]) -> dict[str, Any]:
    return made("NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}, "ingress": [{"ports": [port]}]})


def binding(subject: dict[str, Any], **role: str) -> dict[str, Any]:
    reference = {"kind": "ClusterRole", "name": "view", **role}
    return made("RoleBinding", "rbac.authorization.k8s.io/v1", roleRef=reference, subjects=[subject])


GROUP = "rbac.authorization.k8s.io"
ACCOUNT = {"kind": "ServiceAccount", "name": "a", "namespace": "default"}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
SCALED = {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}}
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}

CONFLICT = {
    "a field of the pod": variable({"fieldRef": {"fieldPath": "metadata.name"}}),
    "a resource of the container": variable({"resourceFieldRef": {"resource": "limits.cpu"}}),
    "a token's duration": volume({"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}),
    "a file's field": volume({"downwardAPI": {"items": [{"path": "x", "fieldRef": {"fieldPath": "metadata.name"}}]}}),
    "a port's protocol": lets_in({"port": 80}),
    "a role's group": binding(ACCOUNT),
    "a user's group": binding({"kind": "User", "name": "a"}, apiGroup=GROUP),
    "a range's requests": made("LimitRange", "v1", spec={"limits": [{"type": "Container", "default": {"cpu": "1"}}]}),
}
TAKEN_OVER = {
    "nothing but what is required": workload(),
    "a field of the pod and its version": variable({"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}),
    "a resource and its divisor": variable({"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1"}}),
    "a secret's key": variable({"secretKeyRef": {"name": "a", "key": "b"}}),
    "a token and its duration": volume(
        {"projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}]}}
    ),
    "files of a secret": volume({"secret": {"secretName": "a", "items": [{"key": "a", "path": "b"}]}}),
    "a claim that goes with its pod": volume({"ephemeral": {"volumeClaimTemplate": {"spec": CLAIM}}}),
    "a container's port": workload(container={"ports": [{"containerPort": 80}]}),
    "a probe": workload(container={"readinessProbe": {"httpGet": {"port": 80}}}),
    "a toleration": workload({"tolerations": [{"key": "a"}]}),
    "a port and its protocol": lets_in({"port": 80, "protocol": "TCP"}),
    "a role and its group": binding(ACCOUNT, apiGroup=GROUP),
    "a service": made("Service", "v1", spec={"selector": {"a": "b"}, "ports": [{"port": 80}]}),
    "a scaler": made("HorizontalPodAutoscaler", "autoscaling/v2", spec={**SCALED, "metrics": [CPU]}),
}


def conflicts(content: dict[str, Any], kubernetes: RealKubernetes) -> str:
    """What the API server says to a second owner."""
    assert not kubernetes.apply(content)
    try:
        return kubernetes.apply(content, SECOND)
    finally:
        kubernetes.delete(content)


@pytest.mark.parametrize("content", CONFLICT.values(), ids=CONFLICT)
def test_both_find_the_conflict_at_the_same_field(content: dict[str, Any], kubernetes: RealKubernetes) -> None:
    (problem,) = SERVER.conflicts(content)
    said = conflicts(content, kubernetes)
    assert 'conflict with "comparison-first"' in said
    assert said.endswith(f".{problem.field.rpartition('.')[2]}")


@pytest.mark.parametrize("content", TAKEN_OVER.values(), ids=TAKEN_OVER)
def test_both_let_the_object_be_taken_over(content: dict[str, Any], kubernetes: RealKubernetes) -> None:
    assert SERVER.conflicts(content) == []
    assert conflicts(content, kubernetes) == ""


def test_both_let_every_object_of_production_that_makes_no_pods_be_taken_over(
    production: tuple[Resource, ...], kubernetes: RealKubernetes
) -> None:
    standing = [each for each in objects_among(production) if each.pods is None]
    assert [str(each) for found in standing for each in TakeoverJudge(SERVER).inspect(found.resource)] == []
    told = {found.resource.urn: kubernetes.apply(as_sent(found), SECOND, dry_run=True) for found in standing}
    refused = [f"{name}: {said}" for name, said in told.items() if said]
    assert not refused, "\n".join(refused)


def as_sent(found: KubernetesObject) -> dict[str, Any]:
    """The object as the provider sends it: without text that is empty, which for a volume means no class, and with
    numbers as the API server writes them."""
    if found.kind == "ResourceQuota":
        hard = {name: in_thousands(number) for name, number in found.spec["hard"].items()}
        return {**found.content, "spec": {**found.spec, "hard": hard}}
    if found.kind != "PersistentVolume" or found.spec.get("storageClassName"):
        return found.content
    return {**found.content, "spec": {key: value for key, value in found.spec.items() if key != "storageClassName"}}


def in_thousands(number: str) -> str:
    """A count with the suffix that Kubernetes gives it."""
    count = int(number)
    return f"{count // 1000}k" if count and count % 1000 == 0 else number
