"""A mistake among all pods of its stack: whether they have room now, in a rolling update, and with a node gone."""

import copy
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from offline.checks.kubernetes.objects import KubernetesObject, object_of, objects_among
from offline.providers.resource import Resource
from tests.checks.planted import Planted, planted_in
from tests.local_cluster.comparison.real_kubernetes import Object, RealKubernetes
from tests.local_cluster.comparison.verdicts import TAKEN, WORKLOADS, Verdict

# When that is, at once, in a rolling update or once a node is lost, depends on where the scheduler put other pods.
NO_ROOM = "taken; a pod finds no room sooner or later"

_PATIENCE_SECONDS = 40.0
_STUCK_SECONDS = 2.5
_PAUSE_SECONDS = 0.2


class Crowd:
    """All pods of a stack, its add-ons' included.

    Args:
        kubernetes: where they run.
        resources: the stack's.
    """

    def __init__(self, kubernetes: RealKubernetes, resources: Sequence[Resource]) -> None:
        self._kubernetes, self._resources = kubernetes, resources

    def verdict_on(self, mistake: Planted) -> Verdict:
        """What becomes of the pods when a mistake takes the place of the right object, which it gives back."""
        changed = planted_in(self._resources, mistake, copy.deepcopy)
        found = next(
            found
            for each in changed
            if (each.type, each.name) == (mistake.type, mistake.name) and (found := object_of(each))
        )
        try:
            self._put(found.content)
            words = self._stuck(found)
            if not words:
                self._roll(found)
                words = self._stuck(found)
            if not words:
                with self._node_lost(found):
                    words = self._stuck(found)
            return Verdict(NO_ROOM, words) if words else Verdict(TAKEN)
        finally:
            self._give_back(mistake)

    def arrive(self) -> None:
        """Make all pods, and wait until each has a node."""
        self._kubernetes.put_addons(self._resources)
        for found in objects_among(self._resources):
            if found.kind in WORKLOADS:
                refusal = self._kubernetes.apply(found.content)
                assert not refusal, refusal
        for found in objects_among(self._resources):
            if found.kind in WORKLOADS:
                self._kubernetes.wait_until(lambda each=found: self._is_there(each), f"{found.kind} {found.name}")

    def _roll(self, found: KubernetesObject) -> None:
        rolled = copy.deepcopy(found.content)
        rolled["spec"]["template"]["metadata"].setdefault("annotations", {})["rolled"] = "once"
        self._put(rolled)

    def _put(self, content: Object) -> None:
        refusal = self._kubernetes.apply(content, force=True)
        assert not refusal, refusal

    @contextmanager
    def _node_lost(self, found: KubernetesObject) -> Iterator[None]:
        """A node of the object's pods takes none any more, and has lost those that could go elsewhere."""
        lost = self._kubernetes.pods_of(found.content)[0]["spec"]["nodeName"]
        self._kubernetes.cordon(lost, True)
        try:
            for pod in self._kubernetes.listed("Pod", field_selector=f"spec.nodeName={lost}"):
                if pod["metadata"]["ownerReferences"][0]["kind"] != "DaemonSet":
                    self._kubernetes.remove_pod(pod["metadata"])
            yield
        finally:
            self._kubernetes.cordon(lost, False)

    def _give_back(self, mistake: Planted) -> None:
        right = next(each for each in self._resources if (each.type, each.name) == (mistake.type, mistake.name))
        found = object_of(right)
        assert found is not None
        self._put(found.content)
        # A StatefulSet waits for a pod of before, even where that can't start.
        for metadata in self._waiting():
            self._kubernetes.remove_pod(metadata)
        self._kubernetes.wait_until(lambda: not self._waiting() and self._is_there(found), f"the right {found.name}")

    def _stuck(self, found: KubernetesObject) -> str:
        """What the scheduler says of a pod that it finds no node for; nothing once all pods are there."""
        words, since = "", time.monotonic()
        deadline = since + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            waiting = self._waiting()
            now = next((each["message"] for each in waiting), "")
            if now != words:
                words, since = now, time.monotonic()
            if words and time.monotonic() - since > _STUCK_SECONDS:
                return words
            if not words and self._is_there(found):
                return ""
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"the pods of {found.name} came to no rest in time")

    def _waiting(self) -> list[Object]:
        """Metadata of each pod without a node, with what the scheduler says."""
        return [
            {**pod["metadata"], "message": each.get("message", "")}
            for pod in self._kubernetes.listed("Pod")
            for each in pod["status"].get("conditions") or []
            if each["type"] == "PodScheduled" and each["status"] != "True" and each.get("message")
        ]

    def _is_there(self, found: KubernetesObject) -> bool:
        """Whether every pod of an object is of its newest template, and ready."""
        made = self._kubernetes.read(found.content)
        assert made is not None
        status = made["status"]
        if status.get("observedGeneration") != made["metadata"]["generation"]:
            return False
        if found.kind == "DaemonSet":
            wanted = status["desiredNumberScheduled"]
            return status.get("numberReady", 0) == status.get("updatedNumberScheduled", 0) == wanted > 0
        wanted = made["spec"]["replicas"]
        counts = {status.get(each, 0) for each in ("replicas", "readyReplicas", "updatedReplicas")}
        return counts == {wanted}
