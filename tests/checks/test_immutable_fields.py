"""Each field that the emulated provider takes as immutable is one whose update the API server refuses."""

from copy import deepcopy
from typing import Any

import pytest

from offline.checks.kubernetes.api_server import ApiServer
from offline.checks.kubernetes.objects import at
from offline.providers.kubernetes.kinds import CLUSTER_SCOPED, IMMUTABLE
from tests.checks.planted import put

SERVER = ApiServer()

TEMPLATE = {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}
POD = TEMPLATE["spec"]
WORKLOAD = {"selector": {"matchLabels": {"app": "a"}}, "template": TEMPLATE}
OTHER_LABELS = {"matchLabels": {"tier": "x"}}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
ROLE = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
CLASS = {"provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3"}}

OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "ClusterRoleBinding": ("rbac.authorization.k8s.io/v1", {"roleRef": ROLE}),
    "CSIDriver": ("storage.k8s.io/v1", {"spec": {}}),
    "DaemonSet": ("apps/v1", {"spec": WORKLOAD}),
    "Deployment": ("apps/v1", {"spec": WORKLOAD}),
    "Job": ("batch/v1", {"spec": {"template": {"spec": POD | {"restartPolicy": "Never"}}}}),
    "PersistentVolumeClaim": ("v1", {"spec": CLAIM | {"storageClassName": "gp3", "volumeName": "bound"}}),
    "Pod": ("v1", {"spec": POD}),
    "PriorityClass": ("scheduling.k8s.io/v1", {"value": 1}),
    "ReplicaSet": ("apps/v1", {"spec": WORKLOAD}),
    "RoleBinding": ("rbac.authorization.k8s.io/v1", {"roleRef": ROLE}),
    "Secret": ("v1", {"type": "Opaque"}),
    "Service": ("v1", {"spec": {"clusterIP": "172.20.0.10", "ports": [{"port": 80}]}}),
    "StatefulSet": ("apps/v1", {"spec": WORKLOAD}),
    "StorageClass": ("storage.k8s.io/v1", CLASS),
    "VolumeAttributesClass": (
        "storage.k8s.io/v1",
        {"driverName": "ebs.csi.aws.com", "parameters": {"type": "gp3"}},
    ),
}
# Another value for each field; where one has more keys, one of them is enough.
OTHER: dict[str, Any] = {
    "accessModes": ["ReadWriteMany"],
    "attachRequired": False,
    "driverName": "other.example",
    "clusterIP": "172.20.0.11",
    "completions": 2,
    "parameters": {"type": "io2"},
    "podManagementPolicy": "Parallel",
    "preemptionPolicy": "Never",
    "provisioner": "efs.csi.aws.com",
    "reclaimPolicy": "Retain",
    "roleRef": ROLE | {"name": "edit"},
    "serviceName": "other",
    "storageClassName": "other",
    "type": "example.com/other",
    "value": 2,
    "volumeBindingMode": "WaitForFirstConsumer",
    "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": CLAIM}],
    "volumeLifecycleModes": ["Ephemeral"],
    "volumeMode": "Block",
    "volumeName": "other",
}

ROWS = [(kind, path) for kind, paths in IMMUTABLE.items() for path in paths]


def before(kind: str) -> dict[str, Any]:
    version, content = OBJECTS[kind]
    metadata = (
        {"name": "a"}
        if kind in CLUSTER_SCOPED
        else {
            "name": "a",
            "namespace": "default",
        }
    )
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **deepcopy(content)}


def after(kind: str, path: tuple[str, ...]) -> dict[str, Any]:
    changed, field = before(kind), path[-1]
    if field == "selector" and kind in ("PersistentVolumeClaim", "Job"):
        put("/".join(path), OTHER_LABELS)(changed)
    elif field == "selector":
        put("spec/selector", {"matchLabels": {"app": "b"}})(changed)
        put("spec/template/metadata/labels", {"app": "b"})(changed)
    elif field == "template":
        put("spec/template/spec/containers/0/image", "a:2")(changed)
    elif field == "spec":
        put("spec/containers/0/command", ["sh"])(changed)
    else:
        put("/".join(path), OTHER[field])(changed)
    return changed


@pytest.mark.parametrize(("kind", "path"), ROWS, ids=lambda each: ".".join(each) if isinstance(each, tuple) else each)
def test_the_api_server_refuses_to_change_it(kind: str, path: tuple[str, ...]) -> None:
    old = before(kind)
    assert SERVER.problems(old) == []
    assert SERVER.problems(old, old) == []
    new = after(kind, path)
    assert at(new, ".".join(path)) != at(old, ".".join(path))
    problems = SERVER.problems(new, old)
    assert any(each.field.startswith(path[0]) for each in problems), problems
