"""The API of a real Kubernetes that is asked about one object at a time: what it takes, and what becomes of its pods.

Pods of KWOK's nodes start whatever they are made of: what a kubelet would say of them is not seen here.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic.exceptions import NotFoundError

from local_cluster.addons import put_addons
from local_cluster.kubernetes_api import KubernetesApi
from offline.providers.resource import Resource

Object = dict[str, Any]
FIRST, SECOND = "comparison-first", "comparison-second"
_PATIENCE_SECONDS = 60.0
_SETTLED_SECONDS = 1.0
_PAUSE_SECONDS = 0.1


class RealKubernetes:
    """The control plane.

    Args:
        api: its API.
    """

    def __init__(self, api: KubernetesApi) -> None:
        self._api = api

    def apply(self, content: Object, manager: str = FIRST, *, force: bool = False, dry_run: bool = False) -> str:
        """Apply an object for an owner; returns what the API server says against it, or nothing."""
        metadata = content["metadata"]
        try:
            self._resource(content).server_side_apply(
                body=content,
                name=metadata["name"],
                namespace=metadata.get("namespace"),
                field_manager=manager,
                force_conflicts=force,
                **({"dry_run": "All"} if dry_run else {}),
            )
        except ApiException as error:
            return str(json.loads(error.body or "{}").get("message"))
        return ""

    def read(self, content: Object) -> Object | None:
        """The object as it is, or nothing where it is not."""
        metadata = content["metadata"]
        try:
            return self._resource(content).get(name=metadata["name"], namespace=metadata.get("namespace")).to_dict()
        except ApiException:
            return None

    def delete(self, content: Object, *, at_once: bool = False) -> None:
        """Delete an object, and wait until it and its pods are gone unless told to return at once."""
        metadata = content["metadata"]
        now = {"propagationPolicy": "Background", "gracePeriodSeconds": 0}
        self._resource(content).delete(name=metadata["name"], namespace=metadata.get("namespace"), body=now)
        if at_once:
            return
        # A finalizer keeps some for a moment, and the next object of that name would be theirs.
        self.wait_until(lambda: self.read(content) is None, f"the end of {metadata['name']}")
        if _makes_pods(content):
            self.wait_until(lambda: not self._end_pods(content), f"the end of {metadata['name']}'s pods")

    def outcome(self, content: Object) -> tuple[str, str]:
        """What becomes of the pods of an object that was applied.

        Returns:
            `refused`, `unscheduled` or `scheduled`, and what is said of the first pod.
        """
        seen: tuple[str, str] | None = None
        since = time.monotonic()
        deadline = since + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            now = self._outcome(content)
            if now != seen:
                seen, since = now, time.monotonic()
            if now and (now[0] == "scheduled" or time.monotonic() - since > _SETTLED_SECONDS):
                return now
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"{content['kind']} {content['metadata']['name']}: nothing was said of its pods in time")

    def wait_until(self, happened: Any, what: str) -> None:
        """Look again and again until something is so."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not happened():
            assert time.monotonic() < deadline, f"{what} did not come in time"
            time.sleep(_PAUSE_SECONDS)

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[Object]:
        """Objects of a kind."""
        return self._api.listed(kind, api_version, **selectors)

    def pods_of(self, content: Object) -> list[Object]:
        """The pods of a workload."""
        template = content["spec"]["template"].get("metadata") or {}
        labels = template.get("labels") or {"job-name": content["metadata"]["name"]}
        chosen = ",".join(f"{key}={value}" for key, value in labels.items())
        return self.listed("Pod", namespace=content["metadata"]["namespace"], label_selector=chosen)

    def remove_pod(self, metadata: Object) -> None:
        """Delete a pod at once, unless its controller was faster."""
        try:
            self._api.resource("Pod").delete(
                name=metadata["name"], namespace=metadata["namespace"], body={"gracePeriodSeconds": 0}
            )
        except NotFoundError:
            return

    def put_addons(self, resources: Sequence[Resource]) -> None:
        """Give the cluster the pods of its add-ons."""
        put_addons(self._api, resources)

    def cordon(self, node: str, lost: bool) -> None:
        """Let a node take no more pods, or let it again."""
        self._api.resource("Node").patch(
            name=node, body={"spec": {"unschedulable": lost}}, content_type="application/merge-patch+json"
        )

    def _resource(self, content: Object) -> Any:
        return self._api.resource(content["kind"], content["apiVersion"])

    def _outcome(self, content: Object) -> tuple[str, str] | None:
        if refusal := self._refusal(content):
            return "refused", refusal
        conditions = [
            each
            for pod in self.pods_of(content)
            for each in pod["status"].get("conditions") or []
            if each["type"] == "PodScheduled"
        ]
        waiting = [each.get("message", "") for each in conditions if each["status"] != "True"]
        if waiting:
            return "unscheduled", waiting[0]
        return ("scheduled", "") if conditions else None

    def _refusal(self, content: Object) -> str:
        """What the pods' controller was told when it made them."""
        made = self.read(content) or content
        conditions = made.get("status", {}).get("conditions") or []
        told = [each["message"] for each in conditions if each["type"] == "ReplicaFailure"]
        chosen = f"involvedObject.uid={made['metadata'].get('uid')},reason=FailedCreate"
        events = self.listed("Event", namespace=content["metadata"]["namespace"], field_selector=chosen)
        return next(iter([*told, *(each["message"] for each in events)]), "")

    def _end_pods(self, content: Object) -> list[Object]:
        pods = self.pods_of(content)
        for each in pods:
            metadata = each["metadata"]
            if not metadata.get("deletionTimestamp"):
                self.remove_pod(metadata)
        return pods


def _makes_pods(content: Object) -> bool:
    return "template" in (content.get("spec") or {})
