"""The kubeconfig of a cluster: one context for the deployer, and one for each role that has an access entry.

Each asks the cluster's own `aws` for a token, as a kubeconfig of `aws eks update-kubeconfig` asks the AWS CLI, so the
rights of each are those that the stack gives.
"""

import json
from typing import Any

from local_cluster.aws.access_entries import principals
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private

DEPLOYER = "deployer"


def write_kubeconfig(cluster: LocalCluster) -> list[str]:
    """Write it, for the owner alone; returns the names of its contexts."""
    directory, deployment = cluster.directory, DeploymentFile(cluster.directory.deployment).latest()
    cluster_name = deployment.cluster.identifier if deployment.cluster else directory.stack
    roles = {DEPLOYER: ""} | {context_of(each): each for each in principals(deployment)}
    content: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": cluster_name,
                "cluster": {"server": cluster.endpoint, "certificate-authority-data": cluster.certificate_authority},
            }
        ],
        "users": [{"name": name, "user": _user(directory, cluster_name, role)} for name, role in roles.items()],
        "contexts": [{"name": name, "context": {"cluster": cluster_name, "user": name}} for name in roles],
        "current-context": DEPLOYER,
    }
    write_private(directory.kubeconfig, json.dumps(content, indent=2))
    return list(roles)


def context_of(role_arn: str) -> str:
    """The context of a role: its name without path."""
    return role_arn.rsplit("/", 1)[-1]


def _user(directory: ClusterDirectory, cluster_name: str, role: str) -> dict[str, Any]:
    arguments = ["eks", "get-token", "--cluster-name", cluster_name, "--output", "json"]
    if role:
        arguments += ["--role-arn", role]
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": str(directory.programs / "aws"),
            "args": arguments,
            "interactiveMode": "Never",
        }
    }
