"""The API of a cluster, as those who act for AWS in it use it: with its administrator's certificate."""

from functools import cache
from typing import Any

from kubernetes.config import new_client_from_config
from kubernetes.dynamic import DynamicClient
from kubernetes.dynamic.exceptions import NotFoundError

from local_cluster.control_plane.api_server import administrator
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports

# How the cluster's objects tell who made them.
FIELD_MANAGER = "moka-local-cluster"


class KubernetesApi:
    """The objects of one cluster.

    Args:
        directory: the cluster's.
        ports: the API server's among them.
    """

    def __init__(self, directory: ClusterDirectory, ports: Ports) -> None:
        kubeconfig = kubeconfig_of(directory, ports, "administrator", administrator(directory))
        # What the API offers is kept in a file, which is in a shared directory unless told otherwise.
        known = str(directory.root / "api-resources.json")
        self._client = DynamicClient(new_client_from_config(str(kubeconfig)), cache_file=known)
        self.resource = cache(self._resource)

    def _resource(self, kind: str, api_version: str = "v1") -> Any:
        """What lists, reads, watches and changes the objects of a kind."""
        return self._client.resources.get(api_version=api_version, kind=kind)

    def apply(self, *objects: dict[str, Any]) -> None:
        """Make objects, or bring them up to date, as `kubectl apply --server-side` does."""
        for each in objects:
            resource = self.resource(each["kind"], each["apiVersion"])
            metadata = each["metadata"]
            resource.server_side_apply(
                body=each,
                name=metadata["name"],
                namespace=metadata.get("namespace"),
                field_manager=FIELD_MANAGER,
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

    def listed(self, kind: str, api_version: str = "v1", **selectors: Any) -> list[dict[str, Any]]:
        """Every object of a kind, with `label_selector`, `field_selector` or `namespace`."""
        return self.resource(kind, api_version).get(**selectors).to_dict()["items"]
