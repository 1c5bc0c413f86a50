"""Pods fit some node group of the stack: its labels satisfy their selectors, and they tolerate its taints.

And the other way round: some pod that is meant for it runs on each group. Spark's pods, which no object of the stack
makes, are read from their templates.

Sources: Kubernetes documentation, "Assigning Pods to Nodes" and "Taints and Tolerations"; Amazon EKS user guide,
"Place Kubernetes pods on Amazon EKS by using node affinity and taints" for managed node groups. Leaves out sizes, which
`capacity.py` looks at. Nothing is said where the stack has no node group.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import satisfies
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, at, items, known_text, mapping
from offline.checks.kubernetes.spark_templates import spark_pods
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN, Properties, is_unknown

_SOURCE = 'Kubernetes documentation, "Assigning Pods to Nodes" and "Taints and Tolerations"'
# Labels that every node has and whose values are not the program's to say.
_SET_LATER = ("kubernetes.io/hostname", "topology.kubernetes.io/region", "topology.kubernetes.io/zone")
# Taints that the cluster itself puts on nodes, or that AWS add-ons and node kinds bring.
_CLUSTERS_OWN = (
    "node.kubernetes.io/",
    "node.cloudprovider.kubernetes.io/",
    "node-role.kubernetes.io/",
    "eks.amazonaws.com/",
)
_CLUSTERS_OWN_KEYS = frozenset({"CriticalAddonsOnly", "ebs.csi.aws.com/agent-not-ready", "nvidia.com/gpu"})
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


@dataclass(frozen=True)
class Nodes:
    """The nodes of one group.

    Args:
        labels: of each node; a mark where a value is not known.
        taints: key, value and effect of each taint.
        resource: the group.
    """

    labels: Properties
    taints: Sequence[Properties]
    resource: Resource

    @property
    def is_hard(self) -> bool:
        """Whether a taint keeps pods away."""
        return any(each["effect"] != "PreferNoSchedule" for each in self.taints)


def pods_fit_some_node(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each workload fits a group, and each toleration a taint of one."""
    groups = _groups(stack)
    for found in stack.objects if groups else ():
        if found.pods is not None:
            yield from _fits(judge, found, found.pods, groups)
            yield from _tolerates(judge, found, found.pods, groups)
    for spark in spark_pods(stack) if groups else ():
        # A template answers the taints of every stack, so one that no group of this stack has is no mistake.
        for finding in _fits(judge, spark.holder, spark.pods, groups):
            part = finding.property.removeprefix(f"{spark.pods.path}.")
            yield replace(finding, property=spark.pods.path, part=part, value=at(spark.pods.spec, part))


def groups_are_used(judge: str, stack: Stack) -> Iterable[Finding]:
    """On each group runs some pod that names its taints; agents that tolerate everything are everywhere anyway."""
    groups = _groups(stack)
    made = [each.pods for each in stack.objects if each.pods is not None]
    pods = [*made, *(each.pods for each in spark_pods(stack))]
    if any(is_unknown(each.spec.get("tolerations")) for each in pods):
        return
    for group in groups:
        if group.is_hard and not any(_is_meant_for(each, group) for each in pods):
            wanted = ", ".join(f"{each.get('key')}={each.get('value', '')}:{each['effect']}" for each in group.taints)
            rule = "is tolerated by no pod of the stack that may run there, so the nodes stand idle"
            fix = "Correct the taint or the labels of the group, or the tolerations and selectors of its pods"
            resource = group.resource
            yield Finding.of(judge, resource, "taints", wanted, rule=rule, source=_SOURCE, fix=fix)


def _groups(stack: Stack) -> Sequence[Nodes]:
    """The stack's node groups; none while their labels are not known."""
    groups = [nodes_of(each) for each in stack.resources if each.type == "aws:eks/nodeGroup:NodeGroup"]
    return [] if any(is_unknown(each.labels) for each in groups) else groups


def _is_meant_for(pods: PodTemplate, nodes: Nodes) -> bool:
    named = [each for each in items(pods.spec.get("tolerations")) if each.get("key")]
    return has_labels(pods.spec.get("nodeSelector"), nodes) and _runs_on(named, nodes)


def nodes_of(group: Resource) -> Nodes:
    """Labels and taints of a node group's nodes."""
    inputs = group.plain_inputs
    instance_types = inputs.get("instanceTypes") or []
    labels = {
        **dict.fromkeys(_SET_LATER, UNKNOWN),
        "eks.amazonaws.com/capacityType": inputs.get("capacityType", "ON_DEMAND"),
        "eks.amazonaws.com/nodegroup": inputs.get("nodeGroupName", UNKNOWN),
        "kubernetes.io/arch": "arm64" if "ARM" in str(inputs.get("amiType")) else "amd64",
        "kubernetes.io/os": "windows" if "WINDOWS" in str(inputs.get("amiType")) else "linux",
        "node.kubernetes.io/instance-type": instance_types[0] if len(instance_types) == 1 else UNKNOWN,
        **mapping(inputs.get("labels")),
    }
    taints = [each | {"effect": _EFFECTS.get(str(each.get("effect")), UNKNOWN)} for each in items(inputs.get("taints"))]
    return Nodes(labels, taints, group)


def may_run_on(pods: PodTemplate, nodes: Nodes) -> bool:
    """Whether nodes satisfy the pods' selectors, and the pods tolerate the nodes' taints, as far as both are known."""
    terms = _terms(pods)
    tolerations = pods.spec.get("tolerations")
    return (
        has_labels(pods.spec.get("nodeSelector"), nodes)
        and (not terms or any(_satisfies(term, nodes) for term in terms))
        and (is_unknown(tolerations) or _runs_on(items(tolerations), nodes))
    )


def _terms(pods: PodTemplate) -> list[Properties]:
    affinity = mapping(mapping(pods.spec.get("affinity")).get("nodeAffinity"))
    return items(mapping(affinity.get("requiredDuringSchedulingIgnoredDuringExecution")).get("nodeSelectorTerms"))


def _fits(judge: str, found: KubernetesObject, pods: PodTemplate, groups: Sequence[Nodes]) -> Iterable[Finding]:
    chosen = [each for each in groups if has_labels(pods.spec.get("nodeSelector"), each)]
    if not chosen:
        fix = "Select a label that some node group gives its nodes"
        yield found.finding(judge, f"{pods.path}.nodeSelector", "fits no node group of the stack", _SOURCE, fix)
        return
    terms = _terms(pods)
    chosen = [each for each in chosen if not terms or any(_satisfies(term, each) for term in terms)]
    if not chosen:
        path = f"{pods.path}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
        fix = "Ask for labels that some node group gives its nodes"
        yield found.finding(judge, path, "fits no node group of the stack", _SOURCE, fix)
        return
    tolerations = pods.spec.get("tolerations")
    if not is_unknown(tolerations) and not any(_runs_on(items(tolerations), each) for each in chosen):
        rule = "tolerates the taints of no node group that the pods may run on"
        fix = "Tolerate the group's taints, or select another group"
        yield found.finding(judge, f"{pods.path}.tolerations", rule, _SOURCE, fix)


def has_labels(selector: Any, nodes: Nodes) -> bool:
    """Whether nodes may have every label of a node selector."""
    return all(
        is_unknown(value) or is_unknown(nodes.labels.get(key)) or nodes.labels.get(key) == value
        for key, value in mapping(selector).items()
    )


def _satisfies(term: Properties, nodes: Nodes) -> bool:
    return all(satisfies(each, nodes.labels) for each in items(term.get("matchExpressions")))


def _runs_on(tolerations: Sequence[Properties], nodes: Nodes) -> bool:
    hard = [each for each in nodes.taints if each["effect"] != "PreferNoSchedule"]
    return all(any(_tolerated(taint, each) for each in tolerations) for taint in hard)


def _tolerated(taint: Properties, toleration: Properties) -> bool:
    """Whether a toleration answers a taint; a toleration without a key answers all."""
    for part in ("key", "effect"):
        wanted, given = toleration.get(part), taint.get(part)
        if wanted and not is_unknown(wanted) and not is_unknown(given) and wanted != given:
            return False
    if toleration.get("operator") == "Exists":
        return True
    wanted, given = toleration.get("value", ""), taint.get("value", "")
    return is_unknown(wanted) or is_unknown(given) or wanted == given


def _tolerates(judge: str, found: KubernetesObject, pods: PodTemplate, groups: Sequence[Nodes]) -> Iterable[Finding]:
    for index, toleration in enumerate(items(pods.spec.get("tolerations"))):
        key = known_text(toleration.get("key"))
        if not key or key.startswith(_CLUSTERS_OWN) or key in _CLUSTERS_OWN_KEYS:
            continue
        if not any(_tolerated(taint, toleration) for group in groups for taint in group.taints):
            path = f"{pods.path}.tolerations[{index}]"
            fix = "Correct it, or remove it"
            yield found.finding(judge, path, "answers no taint of any node group of the stack", _SOURCE, fix)
