"""The webhook that tells the API server whose token it got, by the stack's access entries.

Source: Kubernetes documentation, "Webhook Token Authentication"; Amazon EKS user guide, "Grant IAM users access to
Kubernetes with EKS access entries".
"""

import json
from pathlib import Path
from typing import Any

from local_cluster.aws.access_entries import KubernetesUser, user_of
from local_cluster.aws.deployment import DeploymentFile
from local_cluster.aws.tokens import PREFIX, Claim, InvalidTokenError, Tokens
from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private

PATH = "/authenticate"
# Whoever makes an EKS cluster is its admin: Amazon EKS user guide, "Grant IAM users access to Kubernetes".
_DEPLOYER = KubernetesUser("kubernetes-admin", ("system:masters",))


class Authentication:
    """Answers token reviews.

    Args:
        tokens: of the cluster.
        file: the stack's deployment.
    """

    def __init__(self, tokens: Tokens, file: DeploymentFile) -> None:
        self._tokens = tokens
        self._file = file

    def review(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The TokenReview with its status."""
        token = asked.get("spec", {}).get("token", "")
        try:
            # A token of another kind is for the API server's other authenticators.
            user = self._user(self._tokens.read(token)) if token.startswith(PREFIX) else None
            status = {"authenticated": False} if user is None else self._status(user)
        except InvalidTokenError as problem:
            status = {"authenticated": False, "error": str(problem)}
        return {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status}

    def _user(self, claim: Claim) -> KubernetesUser:
        deployment = self._file.latest()
        cluster = deployment.cluster
        if cluster is not None and cluster.identifier != claim.cluster:
            raise InvalidTokenError(
                f"the token is for cluster {claim.cluster} and this is {cluster.identifier}; "
                f"use --cluster-name {cluster.identifier}"
            )
        if not claim.role:
            return _DEPLOYER
        user = user_of(claim.role, deployment)
        if user is None:
            raise InvalidTokenError(
                f"{claim.role} has no access entry in {claim.cluster}; add the role to cluster.access in the stack file"
            )
        return user

    @staticmethod
    def _status(user: KubernetesUser) -> dict[str, Any]:
        return {"authenticated": True, "user": {"username": user.name, "groups": list(user.groups)}}


def api_server_authentication(directory: ClusterDirectory, port: int) -> Path:
    """Write what the API server's `--authentication-token-webhook-config-file` takes.

    The API server needs `--authentication-token-webhook-version=v1` beside it.

    Args:
        directory: of the cluster.
        port: on which the webhooks listen.
    """
    cluster = {"server": f"https://127.0.0.1:{port}{PATH}", "certificate-authority": str(directory.pki / "ca.crt")}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "aws", "cluster": cluster}],
        "users": [{"name": "api-server"}],
        "contexts": [{"name": "aws", "context": {"cluster": "aws", "user": "api-server"}}],
        "current-context": "aws",
    }
    path = directory.aws / "authentication.kubeconfig"
    write_private(path, json.dumps(content, indent=2))
    return path
