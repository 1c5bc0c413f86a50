"""Temporary credentials that pods and the deployer have, and who each of them is.

They are kept in a file, so that a pod goes on after the cluster was stopped and started.

Source: Amazon EKS user guide, "Grant Pods access to AWS resources based on tags", the session tags of a pod; Amazon EKS
Auth API reference, AssumeRoleForPodIdentity.
"""

import json
import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local_cluster.private_file import write_private

# Amazon EKS user guide, "Understand how EKS Pod Identity works".
LIFETIME = timedelta(hours=6)
# Whoever asks again early gets what they have.
_RENEWED_BEFORE = timedelta(hours=1)
_ALPHABET = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Principal:
    """Who calls AWS.

    Args:
        role_arn: ARN of the role.
        session: name of the session.
        namespace: of the pod; empty for the deployer.
        service_account: of the pod; empty for the deployer.
        tags: of the session, which policies know as aws:PrincipalTag.
        is_deployer: who may do everything that no policy denies, and comes from outside of the VPC.
    """

    role_arn: str
    session: str
    namespace: str = ""
    service_account: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    is_deployer: bool = False

    @property
    def account(self) -> str:
        """Account of the role."""
        return self.role_arn.split(":")[4]

    @property
    def arn(self) -> str:
        """ARN of the session, which AWS names in its refusals."""
        partition, role = self.role_arn.split(":")[1], self.role_arn.rsplit("/", 1)[-1]
        return f"arn:{partition}:sts::{self.account}:assumed-role/{role}/{self.session}"


@dataclass(frozen=True)
class Credential:
    """What a pod signs its requests with."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires: datetime
    principal: Principal

    @property
    def has_expired(self) -> bool:
        """Whether AWS takes it no more."""
        return self.expires <= datetime.now(UTC)


class Credentials:
    """Gives credentials out, and knows whose they are.

    Args:
        path: the file in which they are kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        content = json.loads(path.read_text()) if path.is_file() else []
        self._issued = {each.access_key_id: each for each in map(_read, content) if not each.has_expired}

    def issue(self, principal: Principal) -> Credential:
        """Credentials of a principal, which last for hours."""
        with self._lock:
            enough = datetime.now(UTC) + _RENEWED_BEFORE
            had = (each for each in self._issued.values() if each.principal == principal and each.expires > enough)
            if found := next(had, None):
                return found
            made = Credential(
                "ASIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16)),
                secrets.token_urlsafe(30),
                secrets.token_urlsafe(96),
                datetime.now(UTC).replace(microsecond=0) + LIFETIME,
                principal,
            )
            self._issued = {key: each for key, each in self._issued.items() if not each.has_expired}
            self._issued[made.access_key_id] = made
            write_private(self._path, json.dumps([_written(each) for each in self._issued.values()], indent=1))
            return made

    def find(self, access_key_id: str) -> Credential | None:
        """The credential with a key; None where none was issued."""
        return self._issued.get(access_key_id)


def _written(credential: Credential) -> dict[str, Any]:
    return {**asdict(credential), "expires": credential.expires.isoformat()}


def _read(content: dict[str, Any]) -> Credential:
    expires = datetime.fromisoformat(content["expires"])
    return Credential(**{**content, "expires": expires, "principal": Principal(**content["principal"])})
