"""The bucket of Spark logs: which objects an application has, and their bytes a block at a time."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

from moka_logs.object_keys import STREAM, LogObject, Role, prefixes

# Blocks, not whole objects: a thousand executors' objects are open at the same time.
BLOCK_BYTES = 256 * 1024
READS = 3
_BROKEN_OFF = (IncompleteReadError, ReadTimeoutError, ResponseStreamingError)


class LogBucket:
    """Reads Spark log objects.

    Args:
        client: an Amazon S3 client of boto3; it is used by several threads, which such a client allows.
        name: name of the bucket.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def namespaces(self) -> list[str]:
        """Every namespace that has lines here, by a listing that names no object.

        Raises:
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=STREAM, Delimiter="/")
        folders = (each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ()))
        return [folder.removeprefix(STREAM).rstrip("/") for folder in folders]

    def objects(
        self, namespace: str, application_id: str, role: Role | None = None, pod: str | None = None
    ) -> Iterator[LogObject]:
        """Every object of an application, or of the pods asked for.

        Raises:
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        paginator = self._client.get_paginator("list_objects_v2")
        for prefix in prefixes(namespace, application_id, role, pod):
            for page in paginator.paginate(Bucket=self.name, Prefix=prefix):
                for item in page.get("Contents", ()):
                    if found := LogObject.parse(item["Key"], item["Size"], item["LastModified"]):
                        yield found

    def holds(self, prefix: str) -> bool:
        """Whether any object has a key that starts so."""
        return self._client.list_objects_v2(Bucket=self.name, Prefix=prefix, MaxKeys=1)["KeyCount"] > 0

    def first_block(self, found: LogObject) -> bytes:
        """The bytes that an object starts with."""
        return self._range(found, 0)

    def blocks(self, found: LogObject, first: bytes) -> Iterable[bytes]:
        """All bytes of an object, of which the first block is there already."""
        yield first
        for start in range(BLOCK_BYTES, found.size_bytes, BLOCK_BYTES):
            yield self._range(found, start)

    def _range(self, found: LogObject, start: int) -> bytes:
        asked = {} if found.size_bytes <= BLOCK_BYTES else {"Range": f"bytes={start}-{start + BLOCK_BYTES - 1}"}
        for _ in range(READS - 1):
            try:
                return self._read(found, asked)
            except _BROKEN_OFF:
                # The client repeats a request that fails, but not the reading of an answer that breaks off.
                continue
        return self._read(found, asked)

    def _read(self, found: LogObject, asked: Mapping[str, str]) -> bytes:
        return self._client.get_object(Bucket=self.name, Key=found.key, **asked)["Body"].read()
