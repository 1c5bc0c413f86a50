"""A kubeconfig with the rights of a service account, so that what a program may do is what the stack gives its pods.

The client has a certificate with the name and groups of the account, which is what authorizers ask for.

Source: Kubernetes documentation, "Authenticating", service accounts (user names and groups).
"""

from pathlib import Path

from local_cluster.certificates import issue
from local_cluster.control_plane.clients import kubeconfig_of
from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports

_GROUP = "system:serviceaccounts"


def service_account_kubeconfig(directory: ClusterDirectory, ports: Ports, namespace: str, name: str) -> Path:
    """The kubeconfig.

    Args:
        directory: the cluster's.
        ports: the API server's among them.
        namespace: of the service account.
        name: of the service account.
    """
    client = issue(
        directory,
        f"service-account-{namespace}-{name}",
        f"system:serviceaccount:{namespace}:{name}",
        [_GROUP, f"{_GROUP}:{namespace}"],
    )
    return kubeconfig_of(directory, ports, f"service-account-{namespace}-{name}", client)
