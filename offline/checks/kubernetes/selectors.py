"""Objects that select pods select some.

A workload's own selector is left to the API server, which compares it with the template.
"""

from collections.abc import Iterable

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import matches, selects
from offline.checks.kubernetes.objects import KubernetesObject, PodTemplate, items, mapping
from offline.checks.kubernetes.spark_templates import labels_in
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import has_unknown, is_unknown

_FIX = "Select by labels that the pods carry, in the pods' namespace"


def selected_pods_exist(judge: str, stack: Stack) -> Iterable[Finding]:
    """Services, disruption budgets and network policies select the pods of some workload, or Spark's."""
    for found in stack.objects:
        if is_unknown(found.namespace):
            continue
        if found.kind == "Service":
            yield from _service(judge, found, stack)
        elif found.kind == "PodDisruptionBudget":
            yield from _selection(judge, found, "spec.selector", "Specifying a Disruption Budget", stack)
        elif found.kind == "NetworkPolicy":
            yield from _selection(judge, found, "spec.podSelector", "Network Policies", stack)


def _service(judge: str, found: KubernetesObject, stack: Stack) -> Iterable[Finding]:
    selector = mapping(found.spec.get("selector"))
    if not selector:
        return
    pods = [each for _, each in stack.pods_in(found.namespace) if matches(selector, each.labels)]
    if not pods:
        rule = f"selects no pod of any workload in namespace {found.namespace}"
        yield found.finding(judge, "spec.selector", rule, 'Kubernetes documentation, "Service"', _FIX)
        return
    for index, port in enumerate(items(found.spec.get("ports"))):
        target = port.get("targetPort")
        if isinstance(target, str) and not is_unknown(target) and not any(_has_port(each, target) for each in pods):
            rule = "names a port that no container of the selected pods has"
            fix = "Name the container's port so, or use its number"
            yield found.finding(
                judge, f"spec.ports[{index}].targetPort", rule, 'Kubernetes documentation, "Service"', fix
            )


def _has_port(pods: PodTemplate, name: str) -> bool:
    return any(
        has_unknown(port.get("name", "")) or port.get("name") == name
        for _, container in pods.containers()
        for port in items(container.get("ports"))
    )


def _selection(judge: str, found: KubernetesObject, path: str, page: str, stack: Stack) -> Iterable[Finding]:
    selector = found.spec.get(path.rpartition(".")[2])
    # An empty selector means all pods, and a namespace may wait for its pods.
    if not selector or is_unknown(selector) or not mapping(selector):
        return
    if not any(selects(selector, each) for each in labels_in(stack, found.namespace)):
        rule = f"selects no pod of any workload in namespace {found.namespace}"
        yield found.finding(judge, path, rule, f'Kubernetes documentation, "{page}"', _FIX)
