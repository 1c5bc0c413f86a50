"""Those whom a network policy lets in, or out, are there, and are not everybody.

A selector that matches nobody permits nothing. One that matches all namespaces is right, and a burden: the VPC CNI
writes the address of every pod that a peer selects into PolicyEndpoints objects, anew with each pod that comes or goes,
and every node watches them; a policy whose addresses fill several objects has spells of denying everything
(aws/aws-network-policy-agent#211, aws/amazon-network-policy-controller-k8s#201).

Leaves out pods that the stack does not know: those of add-ons, and of namespaces in which it makes none.

Source: Kubernetes documentation, "Network Policies" and "Well-Known Labels, Annotations and Taints".
"""

from collections.abc import Iterable, Iterator
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import selects
from offline.checks.kubernetes.objects import KubernetesObject, items, mapping
from offline.checks.kubernetes.spark_templates import labels_in
from offline.checks.kubernetes.stack import BUILT_IN_NAMESPACES, Stack
from offline.providers.values import Properties, has_unknown, is_unknown

_SOURCE = 'Kubernetes documentation, "Network Policies"'
_NAME_LABEL = "kubernetes.io/metadata.name"
# A namespace that nobody's selector means.
_ANY = {_NAME_LABEL: "moka-offline-any-namespace"}


def peers_exist(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each peer's namespaces, and its pods where the stack makes all pods of these namespaces."""
    namespaces = dict(_namespaces(stack))
    if any(is_unknown(each) for each in namespaces):
        return
    for found in stack.objects:
        if found.kind == "NetworkPolicy" and not is_unknown(found.namespace):
            for path, peer in _peers(found):
                chosen = [found.namespace]
                if (selector := peer.get("namespaceSelector")) is not None:
                    chosen = [name for name, labels in namespaces.items() if selects(selector, labels)]
                if not chosen:
                    rule = "matches no namespace of the stack or of the cluster"
                    fix = "Select by labels that a namespace has"
                    yield found.finding(judge, f"{path}.namespaceSelector", rule, _SOURCE, fix)
                pods = mapping(peer.get("podSelector"))
                if pods and chosen and not any(_may_hold(pods, name, stack) for name in chosen):
                    rule = f"matches no pod of any workload in namespace {', '.join(sorted(chosen))}"
                    fix = "Select by labels that the pods carry"
                    yield found.finding(judge, f"{path}.podSelector", rule, _SOURCE, fix)


def peers_are_some_pods(judge: str, stack: Stack) -> Iterable[Finding]:
    """No peer selects all pods of namespaces that it does not mean."""
    for found in stack.objects:
        for path, peer in _peers(found) if found.kind == "NetworkPolicy" else ():
            selector = peer.get("namespaceSelector")
            if selector is not None and not peer.get("podSelector") and selects(selector, _ANY):
                rule = "selects every pod of namespaces that it does not name, and the VPC CNI lists them all"
                fix = "Name the namespaces by a label, or admit address ranges with ipBlock"
                yield found.finding(judge, f"{path}.namespaceSelector", rule, "aws/aws-network-policy-agent#211", fix)


def _namespaces(stack: Stack) -> Iterator[tuple[str, Properties]]:
    """Each namespace with its labels, which Kubernetes adds its name to."""
    yield from ((name, {_NAME_LABEL: name}) for name in BUILT_IN_NAMESPACES)
    for each in stack.objects:
        if each.kind == "Namespace":
            yield each.name, {**each.labels, _NAME_LABEL: each.name}


def _peers(policy: KubernetesObject) -> Iterator[tuple[str, Properties]]:
    """Each peer that is known, with its path."""
    for side, peers in (("ingress", "from"), ("egress", "to")):
        for number, rule in enumerate(items(policy.spec.get(side))):
            for index, peer in enumerate(items(rule.get(peers))):
                if not has_unknown(peer):
                    yield f"spec.{side}[{number}].{peers}[{index}]", peer


def _may_hold(selector: Any, namespace: str, stack: Stack) -> bool:
    """Whether a namespace may hold a pod of these labels: the stack's, or one that somebody else brings."""
    labels = labels_in(stack, namespace)
    return namespace in BUILT_IN_NAMESPACES or not labels or any(selects(selector, each) for each in labels)
