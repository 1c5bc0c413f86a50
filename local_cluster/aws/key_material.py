"""What keys of AWS KMS are made of here. It follows from a key's id, so that what was encrypted outlasts a restart."""

import hmac
import secrets
from pathlib import Path

from local_cluster.private_file import make_private

KEY_BYTES = 32
FILE = "keys.secret"


def key_material(root: Path, identifier: str) -> bytes:
    """The material of a symmetric key.

    Args:
        root: directory of the file that it hangs on, which is made with the first key.
        identifier: id of the key; no two have the same material.
    """
    secret = make_private(root / FILE, secrets.token_bytes(KEY_BYTES))
    return hmac.digest(secret, identifier.encode(), "sha256")
