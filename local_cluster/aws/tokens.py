"""Tokens with which people and programs come to the Kubernetes API, as `aws eks get-token` gives them.

A real token is a presigned call to AWS STS, which tells who signed it. Here it is a claim under a secret of the
cluster: whoever can read the cluster's directory is the deployer already, so naming a role takes nothing more.

Source: kubernetes-sigs/aws-iam-authenticator, README, "API Authorization from Outside a Cluster".
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import make_private

PREFIX = "k8s-aws-v1."
# aws-cli, awscli/customizations/eks/get_token.py, TOKEN_EXPIRATION_MINS.
LIFETIME_SECONDS = 14 * 60


class InvalidTokenError(Exception):
    """A token that says it is of EKS and isn't, is another cluster's, or is too old."""


@dataclass(frozen=True)
class Claim:
    """Who a token is for.

    Args:
        cluster: name of the cluster.
        role: ARN of the role; empty for the deployer.
        expires: time in seconds since 1970.
    """

    cluster: str
    role: str
    expires: int


class Tokens:
    """Gives tokens, and reads them.

    Args:
        directory: of the cluster, which holds the secret.
    """

    def __init__(self, directory: ClusterDirectory) -> None:
        self._secret = make_private(directory.aws / "token.secret", secrets.token_hex(32).encode())

    def mint(self, cluster: str, role: str = "") -> tuple[str, Claim]:
        """A token, and what it claims."""
        claim = Claim(cluster, role, int(time.time()) + LIFETIME_SECONDS)
        content = base64.urlsafe_b64encode(json.dumps(asdict(claim)).encode()).decode().rstrip("=")
        return f"{PREFIX}{content}.{self._sign(content)}", claim

    def read(self, token: str) -> Claim:
        """What a token claims.

        Raises:
            InvalidTokenError: saying what is wrong with it.
        """
        content, _, signature = token.removeprefix(PREFIX).rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(content).encode()):
            raise InvalidTokenError("the token is not of this cluster; take a new one with its `aws eks get-token`")
        claim = Claim(**json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))))
        if claim.expires < time.time():
            raise InvalidTokenError("the token has expired; take a new one with `aws eks get-token`")
        return claim

    def _sign(self, content: str) -> str:
        digest = hmac.new(self._secret, content.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
