"""The plugin that encrypts an API server's keys, by the stack's key of AWS KMS, or by AWS's own before there is one.

The API server asks for the key's name every minute, and encrypts with another as soon as the account's cluster names
one; what was written before stays readable, because every value says which key it needs. Leaves out writing such values
again, and a key that somebody disabled.

AES-256-GCM stands for the service: the nonce is random, and the key's name is authenticated with the data.

Sources: Amazon EKS user guide, "Default envelope encryption for all Kubernetes API data"; Kubernetes documentation,
"Using a KMS provider for data encryption", KMS v2; kubernetes-sigs/aws-encryption-provider, pkg/plugin/plugin_v2.go.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from local_cluster.aws.deployment import Deployment
from local_cluster.aws.key_material import FILE, key_material
from local_cluster.encryption import messages
from local_cluster.rpc_server import Handlers

# A key of AWS's that no account sees, so its name is ours.
AWS_OWNED_KEY = "aws-owned-key"
_NONCE_BYTES = 12


def encryption_key(deployment: Deployment) -> str:
    """ARN of the key that the account's cluster names, or the name of AWS's own where it names none."""
    cluster = deployment.cluster
    configuration = cluster.inputs.get("encryptionConfig") if cluster else None
    return configuration["provider"]["keyArn"] if configuration else AWS_OWNED_KEY


class KeyService:
    """What the API server asks of the plugin.

    Args:
        root: directory in which the emulated AWS keeps what keys are made of.
        key: ARN or name of the key that encrypts from now on.
    """

    def __init__(self, root: Path, key: Callable[[], str]) -> None:
        self._root, self._key = root, key

    def status(self, _asked: Any) -> Any:
        """That it works, and by which key."""
        return messages.STATUS(version=messages.VERSION, healthz="ok", key_id=self._key())

    def encrypt(self, asked: Any) -> Any:
        """Data under the present key."""
        key, nonce = self._key(), secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher(key).encrypt(nonce, asked.plaintext, key.encode())
        return messages.ENCRYPTED(ciphertext=nonce + sealed, key_id=key)

    def decrypt(self, asked: Any) -> Any:
        """Data that was encrypted under any key.

        Raises:
            ValueError: when it was not, or not under this one.
        """
        nonce, sealed = asked.ciphertext[:_NONCE_BYTES], asked.ciphertext[_NONCE_BYTES:]
        try:
            plaintext = self._cipher(asked.key_id).decrypt(nonce, sealed, asked.key_id.encode())
        except (InvalidTag, ValueError) as problem:
            raise ValueError(
                f"key {asked.key_id!r} does not decrypt {len(asked.ciphertext)} bytes: they were encrypted under "
                f"another key, or {self._root / FILE} is not the file that its material came from. Put that file back, "
                "or delete the cluster, which nothing else can read any more"
            ) from problem
        return messages.DECRYPTED(plaintext=plaintext)

    @property
    def handlers(self) -> Handlers:
        """What answers, and what it is asked with, by the name of the call."""
        return {
            "Status": (messages.STATUS_ASKED, self.status),
            "Encrypt": (messages.ENCRYPT, self.encrypt),
            "Decrypt": (messages.DECRYPT, self.decrypt),
        }

    def _cipher(self, key: str) -> AESGCM:
        # Of an ARN, what follows the slash.
        return AESGCM(key_material(self._root, key.rpartition("/")[2]))
