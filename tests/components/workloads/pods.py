"""What tests ask of a recorded workload: its pods, their variables, and whether Pod Security admits them."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockResourceArgs

from tests.recorder import Recorder, RecordingMonitor, Registration

WORKLOADS = tuple(f"kubernetes:apps/v1:{kind}" for kind in ("DaemonSet", "Deployment", "StatefulSet"))
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
NAMESPACED = (
    *WORKLOADS,
    CONFIG_MAP,
    "kubernetes:core/v1:Service",
    "kubernetes:policy/v1:PodDisruptionBudget",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
)
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
# Everywhere but to addresses of the node's own, and of these to the pod identity agent.
EGRESS = [
    {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}]},
    {"to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}], "ports": [{"protocol": "TCP", "port": 80}]},
]
MIB = {"Mi": 1, "Gi": 1024}


def generated_name(args: MockResourceArgs) -> dict[str, Any]:
    """What the cluster answers for a ConfigMap: a name, made up where the program gave none."""
    metadata = {**args.inputs["metadata"]}
    metadata.setdefault("name", f"{args.name}-1a2b3c4d")
    return {"metadata": metadata}


def recorder() -> Recorder:
    """A recorder that names ConfigMaps as the Kubernetes provider does."""
    return Recorder(outputs={CONFIG_MAP: generated_name})


def unknown(value: str = "") -> pulumi.Output[str]:
    """An output whose value a preview cannot know."""

    async def future(result: Any) -> Any:
        return result

    return pulumi.Output({*()}, future(value), future(False))


def openings(recorded: Recorder) -> list[tuple[dict[str, Any], list[int], dict[str, str]]]:
    """Who may reach which ports from outside the namespace: source, ports, labels of the pods.

    Raises:
        AssertionError: when the namespace is open to others by default, or its pods reach instance metadata.
    """
    found = []
    closed = kept = False
    for policy in recorded.of(NETWORK_POLICY):
        spec = policy.inputs["spec"]
        if spec["policyTypes"] == ["Egress"]:
            assert spec["podSelector"] == {}, "metadata are for no pod"
            assert spec["egress"] == EGRESS, "other egress rules would have to list DNS, AWS, kubelets and more"
            kept = True
            continue
        assert spec["policyTypes"] == ["Ingress"]
        (rule,) = spec["ingress"]
        assert rule["from"], "a rule without a source admits everybody"
        if spec["podSelector"] == {} and rule["from"] == [{"podSelector": {}}] and "ports" not in rule:
            closed = True
        else:
            ports = [int(each["port"]) for each in rule["ports"]]
            found += [(source, ports, spec["podSelector"]["matchLabels"]) for source in rule["from"]]
    assert closed, "pods of other namespaces reach every port"
    assert kept, "pods reach instance metadata"
    return found


def update_timeouts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """How long each resource that is registered from now on may take to update, by logical name."""
    seen: dict[str, str] = {}
    register = RecordingMonitor.RegisterResource

    def spy(monitor: RecordingMonitor, request: Any) -> Any:
        seen[request.name] = request.customTimeouts.update
        return register(monitor, request)

    monkeypatch.setattr(RecordingMonitor, "RegisterResource", spy)
    return seen


def workloads(recorded: Recorder) -> list[Registration]:
    """Every workload that makes pods."""
    return [each for kind in WORKLOADS for each in recorded.of(kind)]


def pod(workload: Registration) -> dict[str, Any]:
    """Pod spec of a workload's template."""
    return workload.inputs["spec"]["template"]["spec"]


def containers(workload: Registration) -> list[dict[str, Any]]:
    """All containers of its pods, those that run first included."""
    spec = pod(workload)
    return [*spec.get("initContainers", []), *spec["containers"]]


def variables(container: dict[str, Any]) -> dict[str, Any]:
    """Environment of a container: name to value, to the pod's field, or to the Secret and key that hold it."""

    def value(each: dict[str, Any]) -> Any:
        if "value" in each:
            return each["value"]
        if "secretKeyRef" in each["valueFrom"]:
            return "secret {name}/{key}".format(**each["valueFrom"]["secretKeyRef"])
        return each["valueFrom"]["fieldRef"]["fieldPath"]

    return {each["name"]: value(each) for each in container.get("env", [])}


def mebibytes(quantity: str) -> int:
    """A memory quantity such as 512Mi as a number."""
    match = re.fullmatch(r"(\d+)(Mi|Gi)", quantity)
    assert match, f"{quantity} is not a whole number of Mi or Gi"
    return int(match[1]) * MIB[match[2]]


def violations_of_restricted(workload: Registration) -> list[str]:
    """Why Pod Security's restricted level would refuse its pods; nothing when it admits them.

    Source: Kubernetes documentation, "Pod Security Standards", restricted profile.
    """
    spec = pod(workload)
    security = spec.get("securityContext", {})
    allowed = {
        "configMap",
        "emptyDir",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "downwardAPI",
        "csi",
        "ephemeral",
    }
    found = [f"{key} is set" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    found += [f"volume {each['name']}" for each in spec.get("volumes", []) if not allowed & each.keys()]
    for container in containers(workload):
        own = container.get("securityContext", {})
        where = f"{workload.name}/{container['name']}"
        if {**security, **own}.get("runAsNonRoot") is not True or {**security, **own}.get("runAsUser") == 0:
            found.append(f"{where} may run as root")
        if {**security, **own}.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            found.append(f"{where} has no seccomp profile")
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
            found.append(f"{where} may gain privileges")
        if own.get("capabilities", {}).get("drop") != ["ALL"] or own.get("capabilities", {}).get("add"):
            found.append(f"{where} keeps capabilities")
        found += [
            f"{where} takes host port {port['hostPort']}" for port in container.get("ports", []) if "hostPort" in port
        ]
    return found


def referenced_variables(files: Iterable[Path], pattern: str = r"\$\{([A-Z][A-Z0-9_]*)\}") -> set[str]:
    """Names of the variables that configuration files refer to, comments left out."""
    return {
        name
        for file in files
        for line in file.read_text().splitlines()
        if not line.lstrip().startswith("#")
        for name in re.findall(pattern, line)
    }


def priority_of(workload: Registration) -> str:
    """The class of its pods: agents stay on their node, and a volume ties others to a zone that they share."""
    if workload.type.endswith(":DaemonSet"):
        return "system-node-critical"
    claims = [each for each in pod(workload).get("volumes") or [] if "persistentVolumeClaim" in each]
    has_volume = "volumeClaimTemplates" in workload.inputs["spec"] or claims
    shares_nodes = pod(workload)["nodeSelector"] == {"moka/workload": "system"}
    return "moka-platform-zonal" if has_volume and shares_nodes else "moka-platform"


def assert_common_shape(recorded: Recorder) -> None:
    """Everything lies in the component's namespace; workloads are selected, requested, limited, probed and pinned."""
    assert workloads(recorded)
    namespace = recorded.only("kubernetes:core/v1:Namespace").inputs["metadata"]["name"]
    for each in recorded.registrations:
        if each.type.startswith(NAMESPACED):
            assert each.inputs["metadata"]["namespace"] == namespace, each.name
    for workload in workloads(recorded):
        spec = workload.inputs["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert spec["selector"]["matchLabels"].items() <= labels.items(), workload.name
        assert "app.kubernetes.io/version" not in spec["selector"]["matchLabels"], workload.name
        assert labels["app.kubernetes.io/part-of"] == "moka"
        assert pod(workload)["containers"][0]["image"].endswith(f":{labels['app.kubernetes.io/version']}")
        assert pod(workload)["priorityClassName"] == priority_of(workload), workload.name
        for container in containers(workload):
            where = f"{workload.name}/{container['name']}"
            requests, limits = container["resources"]["requests"], container["resources"]["limits"]
            assert set(requests) >= {"cpu", "memory"}, where
            assert mebibytes(requests["memory"]) <= mebibytes(limits["memory"]), where
            image = container["image"]
            assert re.search(r":([a-z]+-)?v?\d+\.\d+\.\d+(-[\w.]+)?(@sha256:[0-9a-f]{64})?$", image), (
                f"{where}: {image} is not pinned"
            )
            assert container["securityContext"]["readOnlyRootFilesystem"] is True, where
        for container in pod(workload)["containers"]:
            assert {"livenessProbe", "readinessProbe"} <= container.keys(), f"{workload.name}/{container['name']}"
