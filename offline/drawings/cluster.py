"""The cluster: what runs in which namespace, on nodes of which architectures and instance types.

Leaves out pods that applications make, of which a stack knows the templates alone, and what add-ons run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from offline.checks.kubernetes.objects import KubernetesObject, at
from offline.checks.kubernetes.stack import Stack
from offline.drawings.picture import Arrow, Box, Group, Picture
from offline.drawings.resources import of_type
from offline.providers.resource import Resource

# What nodes are for stands in this label.
_PURPOSE = "moka/workload"
_SPARK_SELECTOR = re.compile(
    rf"^spark\.kubernetes\.(driver|executor)\.node\.selector\.{_PURPOSE}\s+(\S+)$", re.MULTILINE
)
_TYPES_A_LINE = 4
_NAMES_A_LINE = 2
_ARCHITECTURES = {"x86_64": "Intel", "amd64": "Intel", "arm": "Graviton", "arm64": "Graviton"}

# Namespace to the names of what runs there, by what the nodes are for.
Placed = dict[str, dict[str, list[str]]]


def cluster(resources: Sequence[Resource]) -> Picture:
    """The picture of a stack's cluster.

    Args:
        resources: of the stack, with what its Helm releases bring.
    """
    (made,) = of_type(resources, "aws:eks/cluster:Cluster")
    stack = Stack(resources)
    nodes = _nodes(resources, stack)
    placed = _placed(stack, set(nodes))
    return Picture(
        f"Cluster {made.inputs['name']}",
        "What runs in each namespace, and the node groups and Karpenter's node pools that it runs on, each with its "
        "size or limits, purchase option, architecture and instance types.",
        (
            _control_plane(made, resources),
            *(_purpose(each, placed.get(each, {}), nodes[each]) for each in sorted(nodes)),
            Group("every node", "On every node", "kubernetes", tuple(_daemons(stack))),
        ),
        tuple(
            Arrow(_name(purpose, namespace), node.name)
            for purpose, namespaces in sorted(placed.items())
            for namespace in sorted(namespaces)
            for node in nodes[purpose]
        ),
        "LR",
    )


def _control_plane(made: Resource, resources: Sequence[Resource]) -> Group:
    tier = (made.inputs.get("controlPlaneScalingConfig") or {}).get("tier", "tier standard")
    endpoint = "private and public" if made.inputs["vpcConfig"]["endpointPublicAccess"] else "private"
    addons = [str(each.inputs["addonName"]) for each in of_type(resources, "aws:eks/addon:Addon")]
    lines = (f"Kubernetes {made.inputs['version']}, {tier}", f"API endpoint: {endpoint}")
    return Group(
        "control plane",
        f"Amazon EKS: {made.inputs['name']}",
        "aws",
        (
            Box("api", "Control plane", "workload", lines),
            Box("addons", f"{len(addons)} add-ons", "workload", _lines(sorted(addons), _NAMES_A_LINE)),
        ),
    )


def _nodes(resources: Sequence[Resource], stack: Stack) -> dict[str, list[Box]]:
    """What nodes are for to the node groups and node pools that are for it."""
    found: dict[str, list[Box]] = {}
    for group in of_type(resources, "aws:eks/nodeGroup:NodeGroup"):
        inputs = group.inputs
        architecture = next(each for word, each in _ARCHITECTURES.items() if word in str(inputs["amiType"]).lower())
        first = (
            f"{_bought(inputs['capacityType'])}, {architecture}, fixed: {inputs['scalingConfig']['desiredSize']} nodes"
        )
        lines = (first, *_lines(map(str, inputs["instanceTypes"]), _TYPES_A_LINE))
        box = Box(group.name, group.name.removesuffix("-nodes"), "nodes", lines)
        found.setdefault(inputs["labels"][_PURPOSE], []).append(box)
    for pool in sorted((each for each in stack.objects if each.kind == "NodePool"), key=lambda each: each.name):
        box = Box(f"pool {pool.name}", pool.name, "nodes", _of_pool(pool))
        found.setdefault(at(pool.spec, f"template.metadata.labels[{_PURPOSE}]"), []).append(box)
    return found


def _of_pool(pool: KubernetesObject) -> tuple[str, ...]:
    asked: Mapping[str, list[str]] = {
        each["key"]: each["values"] for each in at(pool.spec, "template.spec.requirements")
    }
    bought = " or ".join(map(_bought, asked["karpenter.sh/capacity-type"]))
    architecture = " or ".join(_ARCHITECTURES[each] for each in asked["kubernetes.io/arch"])
    limits = at(pool.spec, "limits")
    types = asked["node.kubernetes.io/instance-type"]
    return (
        f"{bought}, {architecture}, up to {limits['nodes']} nodes, {int(limits['cpu']):,} vCPUs",
        *_lines(types, _TYPES_A_LINE),
    )


def _bought(capacity_type: Any) -> str:
    return str(capacity_type).lower().replace("_", " ").replace("-", " ").capitalize()


def _placed(stack: Stack, purposes: Iterable[str]) -> Placed:
    found: Placed = {each: {} for each in purposes}
    for each in sorted(stack.objects, key=lambda each: (each.namespace, each.name)):
        if each.kind == "ConfigMap" and each.name == "spark-defaults":
            for part, purpose in _SPARK_SELECTOR.findall("\n".join(map(str, each.content["data"].values()))):
                found[purpose].setdefault(each.namespace, []).append(f"Spark {part}s of applications")
        elif each.pods is not None and (purpose := at(each.pods.spec, f"nodeSelector[{_PURPOSE}]")) is not None:
            found[purpose].setdefault(each.namespace, []).append(_workload(each))
    return found


def _workload(each: KubernetesObject) -> str:
    replicas = each.spec.get("replicas")
    return f"{each.name} x {replicas}" if isinstance(replicas, int) and replicas > 1 else each.name


def _daemons(stack: Stack) -> Iterator[Box]:
    for each in sorted((each for each in stack.objects if each.kind == "DaemonSet"), key=lambda each: each.name):
        yield Box(f"daemon {each.name}", each.name, "workload", (f"namespace {each.namespace}",))


def _purpose(purpose: str, placed: Mapping[str, list[str]], nodes: Sequence[Box]) -> Group:
    workloads = (
        Box(_name(purpose, namespace), namespace, "workload", _lines(names, _NAMES_A_LINE))
        for namespace, names in sorted(placed.items())
    )
    return Group(purpose, f"{_PURPOSE}: {purpose}", "kubernetes", (*workloads, *nodes))


def _name(purpose: str, namespace: str) -> str:
    return f"{namespace} on {purpose}"


def _lines(words: Iterable[str], a_line: int) -> tuple[str, ...]:
    listed = list(words)
    return tuple(", ".join(listed[at : at + a_line]) for at in range(0, len(listed), a_line))
