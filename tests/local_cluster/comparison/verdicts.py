"""What the real Kubernetes makes of a planted mistake."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offline.checks.kubernetes.objects import KubernetesObject, object_of
from offline.providers.resource import Resource
from tests.checks.mistakes_takeover import TAKEOVER_MISTAKES
from tests.checks.planted import Planted, planted_in
from tests.local_cluster.comparison.real_kubernetes import SECOND, RealKubernetes

REFUSED = "refused by the API server"
CONFLICT = "taken; the next owner gets a conflict"
NO_PODS = "taken; its pods are refused"
UNSCHEDULED = "taken; its pods are never scheduled"
TAKEN = "taken"
ELSEWHERE = "no object of Kubernetes"

_OUTCOMES = {"refused": NO_PODS, "unscheduled": UNSCHEDULED, "scheduled": TAKEN}
# What makes pods at once.
WORKLOADS = ("DaemonSet", "Deployment", "StatefulSet")


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Args:
        verdict: one of the sentences of this module.
        words: what was said, if anything.
    """

    verdict: str
    words: str = ""


def verdict_on(mistake: Planted, resources: Sequence[Resource], kubernetes: RealKubernetes) -> Verdict:
    """What becomes of the mistake's resource in a cluster that has the stack's other objects."""
    changed = planted_in(resources, mistake, copy.deepcopy)
    target = next(each for each in changed if (each.type, each.name) == (mistake.type, mistake.name))
    found = object_of(target)
    if found is None:
        return Verdict(ELSEWHERE)
    asked: Callable[[KubernetesObject, RealKubernetes], Verdict] = _of_an_object
    if mistake in TAKEOVER_MISTAKES:
        asked = _of_a_takeover
    elif mistake.place == "metadata.name":
        asked = _of_a_name
    elif found.kind in WORKLOADS:
        asked = _of_a_workload
    return asked(found, kubernetes)


def _of_an_object(found: KubernetesObject, kubernetes: RealKubernetes) -> Verdict:
    """As a new object, beside the right one."""
    refusal = kubernetes.apply(_renamed(found), dry_run=True)
    return Verdict(REFUSED, refusal) if refusal else Verdict(TAKEN)


def _of_a_name(found: KubernetesObject, kubernetes: RealKubernetes) -> Verdict:
    """As the object whose name it has."""
    refusal = kubernetes.apply(found.content, SECOND, dry_run=True)
    return Verdict(REFUSED, refusal) if refusal else Verdict(TAKEN)


def _of_a_workload(found: KubernetesObject, kubernetes: RealKubernetes) -> Verdict:
    if refusal := kubernetes.apply(found.content, dry_run=True):
        return Verdict(REFUSED, refusal)
    kubernetes.apply(found.content)
    try:
        outcome, words = kubernetes.outcome(found.content)
    finally:
        kubernetes.delete(found.content)
    return Verdict(_OUTCOMES[outcome], words)


def _of_a_takeover(found: KubernetesObject, kubernetes: RealKubernetes) -> Verdict:
    content = _renamed(found)
    if refusal := kubernetes.apply(content):
        return Verdict(REFUSED, refusal)
    try:
        refusal = kubernetes.apply(content, SECOND, dry_run=True)
    finally:
        kubernetes.delete(content)
    return Verdict(CONFLICT, refusal) if refusal else Verdict(TAKEN)


def _renamed(found: KubernetesObject) -> dict[str, object]:
    return {**found.content, "metadata": {**found.content["metadata"], "name": f"{found.name}-planted"}}
