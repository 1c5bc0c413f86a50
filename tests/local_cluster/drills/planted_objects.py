"""Small objects for planted mistakes."""

from typing import Any

from tests.local_cluster.comparison.real_kubernetes import Object

LABELS = {"app": "planted"}
SELECTOR = {"matchLabels": LABELS}


def made(kind: str, version: str = "v1", name: str = "planted", **content: Any) -> Object:
    """An object of a kind."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **content}


def container(**more: Any) -> Object:
    """A container that would satisfy Pod Security's strictest level."""
    allowed = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {"name": "a", "image": "registry.example/a:1", "securityContext": allowed, **more}


def pod(spec: dict[str, Any] | None = None, name: str = "planted", **more: Any) -> Object:
    """A pod of one container.

    Args:
        spec: more of the pod's.
        name: of the pod.
        more: of the container's.
    """
    content = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": 0,
        "containers": [container(**more)],
        **(spec or {}),
    }
    return {**made("Pod", name=name, spec=content), "metadata": {"name": name, "labels": LABELS}}


def template(spec: dict[str, Any] | None = None, **more: Any) -> Object:
    """The same as a template."""
    return {"metadata": {"labels": LABELS}, "spec": pod(spec, **more)["spec"]}


def deployment(spec: dict[str, Any] | None = None, replicas: int = 1, **more: Any) -> Object:
    """A deployment of such pods."""
    content = {"replicas": replicas, "selector": SELECTOR, "template": template(spec, **more)}
    return made("Deployment", "apps/v1", spec=content)


def claim(storage_class: str = "", name: str = "planted", size: str = "1Gi", **more: Any) -> Object:
    """A claim; of no class unless one is named."""
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return made("PersistentVolumeClaim", name=name, spec={**asked, "storageClassName": storage_class, **more})


def claimed(name: str = "planted") -> dict[str, Any]:
    """A pod's spec with a claim."""
    return {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": name}}]}
