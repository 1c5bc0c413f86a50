"""Fetches the starts of objects ahead of their use, a bounded number at a time."""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from moka_logs.bucket import LogBucket
from moka_logs.object_keys import LogObject

THREADS = 16
# Fetched or being fetched, and not yet used; with blocks of 256 KiB that is 16 MiB.
AHEAD = 64


class Prefetch:
    """First blocks of objects, in about the order in which they will be asked for.

    An object that is asked for out of turn is fetched at once, so no order can block.

    Args:
        bucket: where objects are.
        objects: what will be asked for.
        ahead: most blocks that wait for their use.
    """

    def __init__(self, bucket: LogBucket, objects: Iterable[LogObject], ahead: int = AHEAD) -> None:
        self._bucket = bucket
        self._coming = deque(objects)
        self._fetched: dict[str, Future[bytes]] = {}
        self._used: set[str] = set()
        self._ahead = ahead
        self._threads = ThreadPoolExecutor(THREADS, "moka_logs")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def take(self, found: LogObject) -> bytes:
        """The first block of an object; each object is taken once.

        Raises:
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        future = self._fetched.pop(found.key, None)
        if future is None:
            self._used.add(found.key)
            future = self._fetch(found)
        self._fill()
        return future.result()

    def _fill(self) -> None:
        while self._coming and len(self._fetched) < self._ahead:
            found = self._coming.popleft()
            if found.key in self._used:
                self._used.discard(found.key)
            else:
                self._fetched[found.key] = self._fetch(found)

    def _fetch(self, found: LogObject) -> "Future[bytes]":
        return self._threads.submit(self._bucket.first_block, found)
