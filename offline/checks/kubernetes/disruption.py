"""Disruption budgets let a drain through: of the pods that they select, one may go at a time at least.

A node that is drained, for a new AMI or by an autoscaler, waits for budgets: one that never lets a pod go stops the
update of its whole node group. Leaves out workloads whose replicas an autoscaler or an unknown value decides, and pods
without a controller: a budget over Spark's drivers holds a drain until the application has ended, and means to.

Sources: Kubernetes documentation, "Specifying a Disruption Budget for your Application"; Amazon EKS user guide,
"Understand each phase of node updates", PodEvictionFailure.
"""

import re
from collections.abc import Iterable
from math import ceil
from typing import Any

from offline.checks.finding import Finding
from offline.checks.kubernetes.labels import selects
from offline.checks.kubernetes.objects import KubernetesObject, mapping
from offline.checks.kubernetes.stack import Stack
from offline.providers.values import has_unknown

_SOURCE = 'Kubernetes documentation, "Specifying a Disruption Budget for your Application"'
_FIX = "Allow one pod to be unavailable, or run one more replica"
# Kinds whose `replicas` are what a budget counts from; a drain passes over the pods of a DaemonSet.
_COUNTED = ("Deployment", "ReplicaSet", "StatefulSet")


def drains_are_let_through(judge: str, stack: Stack) -> Iterable[Finding]:
    """Each budget allows one disruption when all of its pods are healthy."""
    for found in stack.objects:
        if found.kind == "PodDisruptionBudget" and not has_unknown(found.spec):
            yield from _budget(judge, found, stack)


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
