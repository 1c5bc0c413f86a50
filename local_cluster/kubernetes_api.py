"""The API of a cluster, as those who act for AWS in it use it: with its administrator's certificate."""

from kubernetes.config import new_client_from_config

from local_cluster.control_plane.api_server import administrator
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports
from moka_smoke.kubernetes_objects import KubernetesObjects

# How the cluster's objects tell who made them.
FIELD_MANAGER = "moka-local-cluster"


class KubernetesApi(KubernetesObjects):
    """The objects of one cluster.

    Args:
        directory: the cluster's.
        ports: the API server's among them.
    """

    def __init__(self, directory: ClusterDirectory, ports: Ports) -> None:
        kubeconfig = kubeconfig_of(directory, ports, "administrator", administrator(directory))
        known = directory.root / "api-resources.json"
        super().__init__(new_client_from_config(str(kubeconfig)), known, FIELD_MANAGER)
