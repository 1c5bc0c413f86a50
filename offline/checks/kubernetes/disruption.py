"""Disruption budgets let a drain through: of the pods that they select, one may go at a time at least.

A node that is drained, for a new AMI or by an autoscaler, waits for budgets: one that never lets a pod go stops the
update of its whole node group. Leaves out workloads whose replicas an autoscaler or an unknown value decides, and pods
without a controller: a budget over Spark's drivers holds a drain until the application has ended, and means to.

Sources: Kubernetes documentation, "Specifying a Disruption Budget for your Application"; Amazon EKS user guide,
"Understand each phase of node updates", PodEvictionFailure.
"""

import re
from collections.abc import Iterable
from itertools import combinations
from math import ceil
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import selects
from offline.checks.kubernetes.objects import KubernetesObject, mapping
from offline.checks.kubernetes.spark_templates import labels_in
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import Properties, has_unknown

_SOURCE = 'Kubernetes documentation, "Specifying a Disruption Budget for your Application"'
_FIX = "Allow one pod to be unavailable, or run one more replica"
# Kinds whose `replicas` are what a budget counts from; a drain passes over the pods of a DaemonSet.
_COUNTED = ("Deployment", "ReplicaSet", "StatefulSet")


def drains_are_let_through(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each budget allows one disruption when all of its pods are healthy."""
    for found in _budgets(stack):
        yield from _budget(judge, found, stack)


def pods_have_one_budget(judge: str, stack: Stack) -> Iterable[Finding]:
    """No two budgets select the same pod, of which the API server evicts none then, whatever the budgets allow."""
    for first, second in combinations(_budgets(stack), 2):
        pods = labels_in(stack, first.namespace) if first.namespace == second.namespace else []
        if any(_selects(first, each) and _selects(second, each) for each in pods):
            rule = f"selects a pod that {first.name} selects too, so an eviction of it is an error and no drain ends"
            fix = "Select by a label that only one of the two kinds of pods has, or keep one budget"
            yield second.finding(judge, "spec.selector", rule, _SOURCE, fix)


def _budgets(stack: Stack) -> list[KubernetesObject]:
    """Those that are known."""
    return [each for each in stack.objects if each.kind == "PodDisruptionBudget" and not has_unknown(each.spec)]


def _selects(budget: KubernetesObject, labels: Properties) -> bool:
    """An empty selector means all pods, and none means none."""
    selector = budget.spec.get("selector")
    return selector is not None and selects(selector, labels)


def _budget(judge: str, found: KubernetesObject, stack: Stack) -> Iterable[Finding]:
    healthy = _replicas(found, stack)
    if not healthy:
        return
    kept, lost = found.spec.get("minAvailable"), found.spec.get("maxUnavailable")
    if (share := _share(lost, healthy)) is not None and share < 1:
        yield found.finding(judge, "spec.maxUnavailable", "never lets a node be drained", _SOURCE, _FIX)
    if (share := _share(kept, healthy)) is not None and share >= healthy:
        rule = f"never lets a node be drained, because there are {healthy} replicas"
        yield found.finding(judge, "spec.minAvailable", rule, _SOURCE, _FIX)


def _replicas(found: KubernetesObject, stack: Stack) -> int:
    """Replicas of what a budget selects; 0 where that can't be said."""
    scaled = {
        (str(target.get("kind")), str(target.get("name")), each.namespace)
        for each in stack.objects
        if each.kind == "HorizontalPodAutoscaler" and (target := mapping(each.spec.get("scaleTargetRef")))
    }
    chosen = [
        owner
        for owner, pods in stack.pods_in(found.namespace)
        if owner.kind in _COUNTED and selects(found.spec.get("selector"), pods.labels)
    ]
    counts = [owner.spec.get("replicas", 1) for owner in chosen]
    if has_unknown(counts) or any((each.kind, each.name, each.namespace) in scaled for each in chosen):
        return 0
    return sum(each for each in counts if isinstance(each, int))


def _share(value: Any, healthy: int) -> int | None:
    """A number of pods, or a percentage of all, rounded up as Kubernetes does for both fields; None where neither."""
    if isinstance(value, str):
        return ceil(int(value[:-1]) * healthy / 100) if re.fullmatch(r"\d+%", value) else None
    return value if isinstance(value, int) else None
