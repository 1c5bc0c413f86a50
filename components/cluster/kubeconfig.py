"""How a client reaches the cluster: an address, a certificate, and a command that gets a token when one is needed.

A token is never part of it: tokens live fifteen minutes and would end up in state files.
"""

from typing import Any

Kubeconfig = dict[str, Any]


def kubeconfig(cluster_name: str, region: str, endpoint: str, certificate_authority: str) -> Kubeconfig:
    """A kubeconfig whose user runs `aws eks get-token` with the caller's own AWS credentials.

    Args:
        cluster_name: name of the cluster, also of its entries here, so that several merge into one file.
        region: its Region.
        endpoint: URL of the API server.
        certificate_authority: base64 of its certificate authority.

    Source: Amazon EKS user guide, "Connect kubectl to an EKS cluster by creating a kubeconfig file".
    """
    token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": ["--region", region, "eks", "get-token", "--cluster-name", cluster_name, "--output", "json"],
        # Without a terminal to ask on, a missing login is an error and not a hanging `pulumi up`.
        "interactiveMode": "Never",
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": cluster_name,
                "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority},
            }
        ],
        "users": [{"name": cluster_name, "user": {"exec": token}}],
        "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
        "current-context": cluster_name,
    }


def endpoint_and_authority(config: Kubeconfig) -> tuple[str, str]:
    """Address and certificate authority of the one cluster that a kubeconfig names."""
    cluster = config["clusters"][0]["cluster"]
    return cluster["server"], cluster["certificate-authority-data"]
