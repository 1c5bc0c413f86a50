"""What becomes of a pod's lines until they lie in a bucket: the runtime's pieces, the agent's own script, objects.

Runs the real components/logs/files/lines.lua. Leaves out the rest of the agent, which `tests/logging` runs: what is
done here about line feeds, keys and uploads is what plugins/out_s3/s3.c does with one worker. Also leaves out what
comes twice after a kill, and several files of one pod that an agent left behind, which have no order.
"""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from tests.components.logs.lines_script import container_line
from tests.moka_logs.conftest import APPLICATION, NAMESPACE

TAG = "kube,spark,etl-driver,0f0e,spark-kubernetes-driver,0"


@dataclass(frozen=True)
class Written:
    """A line that a container wrote.

    Args:
        time: when.
        text: without its line break.
    """

    time: datetime
    text: bytes


@dataclass(frozen=True)
class Stored:
    """An object.

    Args:
        key: its key.
        time: the key's time.
        uploaded: when it was uploaded.
        body: its bytes.
    """

    key: str
    time: datetime
    uploaded: datetime
    body: bytes


def pieces(line: Written, size: int) -> Iterator[tuple[datetime, bytes, bytes]]:
    """Time, tag and text of what the runtime makes of a line.

    Args:
        line: the line.
        size: most bytes of a piece.
    """
    starts = range(0, len(line.text), size) or range(1)
    for start in starts:
        yield line.time, b"F" if start == starts[-1] else b"P", line.text[start : start + size]


def stored(tag: bytes, text: bytes) -> bytes:
    """What the agent hands over for a piece; its output for S3 ends it with a line feed."""
    return container_line(TAG, {"log": text, "logtag": tag})["log"] + b"\n"


def an_object(pod: str, time: datetime, uploaded: datetime, lines: Iterable[bytes], unique: str) -> Stored:
    """An object of the agent's."""
    key = f"spark/{NAMESPACE}/{APPLICATION}/driver/{pod}/{time:%Y%m%dT%H%M%S}-spark-kubernetes-driver-{unique}.log.gz"
    return Stored(key, time.replace(microsecond=0), uploaded.replace(microsecond=0), gzip.compress(b"".join(lines), 1))


class Bucket:
    """Amazon S3's client, as far as the reader uses it.

    Args:
        objects: what the bucket holds.
    """

    def __init__(self, objects: Sequence[Stored]) -> None:
        self._objects = {each.key: each for each in objects}

    def get_paginator(self, _: str) -> "Bucket":
        """Pages of a listing."""
        return self

    def paginate(self, *, Prefix: str, **_: object) -> Iterator[dict[str, Any]]:  # noqa: N803 boto3 spells it so
        """Objects in the order of their keys, three a page."""
        found = iter(sorted(key for key in self._objects if key.startswith(Prefix)))
        while page := list(islice(found, 3)):
            yield {"Contents": [self._listed(self._objects[key]) for key in page]}

    def get_object(self, *, Key: str, **_: object) -> dict[str, Any]:  # noqa: N803 boto3 spells it so
        """An object, all of which one block holds."""

        class Body:
            read = staticmethod(lambda: self._objects[Key].body)

        return {"Body": Body}

    @staticmethod
    def _listed(found: Stored) -> dict[str, Any]:
        return {"Key": found.key, "Size": len(found.body), "LastModified": found.uploaded}
