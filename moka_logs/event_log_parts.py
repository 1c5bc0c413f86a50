"""The parts of one application's event log: files that Spark finished, and what the log agent shipped of open ones.

Finished files are `eventlog_v2_<application id>/events_<number>_<application id>`. Fragments are
`fragments/<application id>/<block>/<yyyymmddThhmmss>-<uuid>.jsonl.gz`, where a block is a file in which the driver kept
what Amazon S3 did not have yet: most of their lines are in finished files too.

Sources: Apache Spark, EventLogFileWriters.scala; `s3_key_format` of output s3_spark_event_fragments in
components/logs/files/fluent-bit.yaml.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from moka_logs.compressed import lines

_FRAGMENT = re.compile(r"fragments/[^/]+/(?P<block>[^/]+)/(?P<time>\d{8}T\d{6})-[^/]+\.jsonl\.gz")
_BLOCK_BYTES = 1 << 20


class CompressedEventLogError(Exception):
    """Finished files that are compressed, which this program does not read."""


@dataclass(frozen=True)
class Parts:
    """Keys of an application's parts, in the order of their events.

    Args:
        finished: keys of finished files.
        fragments: keys of fragments.
        ended: whether Spark says that the application ended: then the finished files are the whole log.
    """

    finished: tuple[str, ...]
    fragments: tuple[str, ...]
    ended: bool


def find_parts(client: Any, bucket: str, application_id: str) -> Parts:
    """Look for an application's parts.

    Raises:
        CompressedEventLogError: when finished files have a suffix, as with spark.eventLog.compress.
        botocore.exceptions.ClientError: when Amazon S3 refuses.
    """
    directory = f"eventlog_v2_{application_id}/"
    numbered: dict[int, str] = {}
    ended = False
    for key, _ in _keys(client, bucket, directory):
        name = key.removeprefix(directory)
        ended = ended or name == f"appstatus_{application_id}"
        if match := re.fullmatch(rf"events_(\d+)_{re.escape(application_id)}(\..+)?", name):
            if match[2]:
                raise CompressedEventLogError(key)
            numbered[int(match[1])] = key
    fragments = _in_order(_keys(client, bucket, f"fragments/{application_id}/"))
    return Parts(tuple(numbered[number] for number in sorted(numbered)), tuple(fragments), ended)


def finished_lines(client: Any, bucket: str, key: str) -> Iterator[bytes]:
    """Lines of a finished file."""
    rest = b""
    for block in _blocks(client, bucket, key):
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
    if rest:
        yield rest


def fragment_lines(client: Any, bucket: str, key: str) -> Iterator[bytes]:
    """Lines of a fragment.

    Raises:
        DamagedObjectError: when it can't be decompressed to its end; the lines before that were given.
    """
    yield from lines(_blocks(client, bucket, key))


def _keys(client: Any, bucket: str, prefix: str) -> Iterator[tuple[str, Any]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            yield item["Key"], item["LastModified"]


def _in_order(found: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Blocks by their first fragment, since a driver has one open at a time; a block's fragments by time.

    Keys tell seconds; the time of the upload decides between two of the same.
    """
    blocks: dict[str, list[tuple[str, Any, str]]] = {}
    for key, modified in found:
        if match := _FRAGMENT.fullmatch(key):
            blocks.setdefault(match["block"], []).append((match["time"], modified, key))
    for block in sorted(blocks.values(), key=min):
        for _, _, key in sorted(block):
            yield key


def _blocks(client: Any, bucket: str, key: str) -> Iterator[bytes]:
    yield from client.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(_BLOCK_BYTES)
