"""Objects of a cluster, as whoever a client logs in as may use them."""

from functools import cache
from pathlib import Path
from typing import Any

from kubernetes.client import ApiClient
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import NotFoundError


class KubernetesObjects:
    """The objects of one cluster.

    Args:
        client: logs in.
        known: file in which what the API offers is kept, which is in a shared directory unless told otherwise.
        field_manager: how objects tell who made them.
    """

    def __init__(self, client: ApiClient, known: Path, field_manager: str) -> None:
        self._client = DynamicClient(client, cache_file=str(known))
        self._field_manager = field_manager
        self.resource = cache(self._resource)

    def _resource(self, kind: str, api_version: str = "v1") -> Any:
        """What lists, reads, watches and changes the objects of a kind."""
        return self._client.resources.get(api_version=api_version, kind=kind)

    def create(self, each: dict[str, Any]) -> None:
        """Make an object that is not there."""
        namespace = each["metadata"].get("namespace")
        self.resource(each["kind"], each["apiVersion"]).create(
            body=each, namespace=namespace, field_manager=self._field_manager
        )

    def apply(self, *objects: dict[str, Any]) -> None:
        """Make objects, or bring them up to date, as `kubectl apply --server-side` does."""
        for each in objects:
            resource = self.resource(each["kind"], each["apiVersion"])
            metadata = each["metadata"]
            resource.server_side_apply(
                body=each,
                name=metadata["name"],
                namespace=metadata.get("namespace"),
                field_manager=self._field_manager,
                force_conflicts=True,
            )

    def remove(self, *objects: dict[str, Any]) -> None:
        """Delete objects, where they are there."""
        for each in objects:
            metadata = each["metadata"]
            try:
                self.resource(each["kind"], each["apiVersion"]).delete(
                    name=metadata["name"], namespace=metadata.get("namespace")
                )
            except NotFoundError:
                continue

    def named(self, kind: str, name: str, namespace: str | None = None, api_version: str = "v1") -> dict[str, Any]:
        """One object; empty where there is none."""
        try:
            return self.resource(kind, api_version).get(name=name, namespace=namespace).to_dict()
        except NotFoundError:
            return {}

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[dict[str, Any]]:
        """Every object of a kind, with `label_selector`, `field_selector` or `namespace`."""
        return self.resource(kind, api_version).get(**selectors).to_dict()["items"]
