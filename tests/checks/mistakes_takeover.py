"""Planted omissions: what the API server fills in below an atomic field, which keeps the next run from taking over."""

from collections.abc import Callable
from typing import Any

from tests.checks.planted import Inputs, Planted, drop, put

_COLLECTOR = ("kubernetes:apps/v1:Deployment", "collectors-cluster")
_EVENTS = ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "cluster-events")
_BINDING = ("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "spark-analytics-drivers")
_DASHBOARDS = ("kubernetes:apps/v1:StatefulSet", "grafana-0")
_CANARY = ("kubernetes:batch/v1:CronJob", "log-canary-writer")

_POD, _PODS = "spec/template/spec", "spec.template.spec"
_IGNORED = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}


def _add(path: str, item: object) -> Callable[[Inputs], None]:
    """A change that puts one item before all others of a list."""

    def change(inputs: Inputs) -> None:
        *parents, last = path.split("/")
        target: Any = inputs
        for key in parents:
            target = target[int(key)] if isinstance(target, list) else target[key]
        target[last] = [item, *target.get(last, [])]

    return change


def _left_out(where: tuple[str, str], change: Callable[[Inputs], object], place: str, says: str) -> Planted:
    return Planted(*where, change, "takeover", place, says)


def _volume(content: dict[str, object], place: str, says: str) -> Planted:
    return _left_out(
        _COLLECTOR, _add(f"{_POD}/volumes", {"name": "more", **content}), f"{_PODS}.volumes[0].{place}", says
    )


def _variable(source: dict[str, object], says: str) -> Planted:
    (field,) = source
    change = _add(f"{_POD}/containers/0/env", {"name": "MORE", "valueFrom": source})
    return _left_out(_COLLECTOR, change, f"{_PODS}.containers[0].env[0].valueFrom.{field}", says)


TAKEOVER_MISTAKES = [
    _variable({"fieldRef": {"fieldPath": "status.hostIP"}}, 'apiVersion: "v1"'),
    _variable({"resourceFieldRef": {"resource": "limits.memory"}}, 'divisor: "0"'),
    _volume(
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
        "downwardAPI.items",
        '[0].fieldRef.apiVersion: "v1"',
    ),
    _volume(
        {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
        "projected.sources",
        "[0].serviceAccountToken.expirationSeconds: 3600",
    ),
    _left_out(_EVENTS, put("spec/ingress/0/ports", [{"port": 4318}]), "spec.ingress", '[0].ports[0].protocol: "TCP"'),
    _left_out(_BINDING, drop("roleRef/apiGroup"), "roleRef", 'apiGroup: "rbac.authorization.k8s.io"'),
    _left_out(
        _BINDING,
        _add("subjects", {"kind": "Group", "name": "data-engineers"}),
        "subjects",
        '[0].apiGroup: "rbac.authorization.k8s.io"',
    ),
    _left_out(
        _DASHBOARDS,
        put(
            "spec/volumeClaimTemplates",
            [
                {
                    "metadata": {"name": "more"},
                    "spec": {
                        "accessModes": ["ReadWriteOnce"],
                        "storageClassName": "gp3",
                        "resources": {"requests": {"storage": "1Gi"}},
                    },
                }
            ],
        ),
        "spec.volumeClaimTemplates",
        '[0].spec.volumeMode: "Filesystem"',
    ),
    _left_out(
        _CANARY,
        put("spec/jobTemplate/spec/podFailurePolicy", {"rules": [_IGNORED]}),
        "spec.jobTemplate.spec.podFailurePolicy.rules",
        '[0].onPodConditions[0].status: "True"',
    ),
]
