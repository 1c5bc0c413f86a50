"""Objects of S3 on disk, so that a cluster that was stopped and started finds what was written.

moto keeps a key as a list of versions; each such list is one file, written when a request changed it. Leaves out
uploads in parts that never ended, tags of objects, and everything of the other services.
"""

import hashlib
import pickle
from pathlib import Path
from typing import Any

from moto.s3.models import FakeKey, S3Backend

from local_cluster.private_file import write_private


class ObjectStorage:
    """The objects of one account's buckets.

    Args:
        root: directory of one directory for each bucket. What is in it is run when it is read, as pickles are: it is
            the owner's alone.
        backend: moto's S3 of the account.
    """

    def __init__(self, root: Path, backend: S3Backend) -> None:
        self._root = root
        self._backend = backend

    def load(self, bucket: str) -> None:
        """Put back what a bucket held."""
        keys: Any = self._backend.get_bucket(bucket).keys
        for file in sorted((self._root / bucket).glob("*.pickle")):
            name, versions = pickle.loads(file.read_bytes())
            keys.setlist(name, versions)

    def save(self, bucket: str, name: str) -> None:
        """Keep all versions of an object, or forget it where it is gone."""
        keys: Any = self._backend.get_bucket(bucket).keys
        versions = keys.getlist(name, [])
        file = self._root / bucket / f"{hashlib.sha256(name.encode()).hexdigest()}.pickle"
        if not versions:
            file.unlink(missing_ok=True)
            return
        for each in versions:
            if isinstance(each, FakeKey):
                # The parts of its upload: a second copy of the content.
                each.multipart = None
        write_private(file, pickle.dumps((name, versions)))
