"""The parts of one application's event log: files that Spark finished, and what the log agent shipped of open ones.

Finished files are `eventlog_v2_<application id>/events_<number>_<application id>` below the team's directory,
`teams/<namespace>/`, or at the root, where earlier releases wrote. Fragments are
`fragments/<application id>/<block>/<yyyymmddThhmmss>-<uuid>.jsonl.gz`, where a block is a file in which the driver kept
what Amazon S3 did not have yet: most of their lines are in finished files too.

Sources: Apache Spark, EventLogFileWriters.scala; `s3_key_format` of output s3_spark_event_fragments in
components/logs/files/fluent-bit.yaml.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from components.spark.event_logs import DIRECTORIES, directory_of
from moka_logs.compressed import lines

_FRAGMENT = re.compile(r"fragments/[^/]+/(?P<block>[^/]+)/(?P<time>\d{8}T\d{6})-[^/]+\.jsonl\.gz")
_BLOCK_BYTES = 1 << 20


class CompressedEventLogError(Exception):
    """Finished files that are compressed, which this program does not read."""


class SeveralEventLogsError(Exception):
    """Event logs of one application id in several directories, of which one is no log of that application."""


@dataclass(frozen=True)
class Parts:
    """Keys of an application's parts, in the order of their events.

    Args:
        finished: keys of finished files.
        fragments: keys of fragments.
        ended: whether Spark says that the application ended: then the finished files are the whole log.
        withheld: whether Amazon S3 refused to list fragments, which carry no team's name.
    """

    finished: tuple[str, ...]
    fragments: tuple[str, ...]
    ended: bool
    withheld: bool = False


def find_parts(client: Any, bucket: str, application_id: str, namespace: str | None = None) -> Parts:
    """Look for an application's parts.

    Args:
        client: an Amazon S3 client of boto3.
        bucket: name of the event-log bucket.
        application_id: Spark's id.
        namespace: of the team that it ran for, in whose directory alone its finished files are looked for, and without
            fragments where Amazon S3 refuses them; None to look in every team's directory and at the root.

    Raises:
        CompressedEventLogError: when finished files have a suffix, as with spark.eventLog.compress.
        SeveralEventLogsError: when several directories have the application's log.
        botocore.exceptions.ClientError: when Amazon S3 refuses.
    """
    finished, ended = _finished(client, bucket, application_id, namespace)
    try:
        fragments = tuple(_in_order(_keys(client, bucket, f"fragments/{application_id}/")))
    except ClientError as error:
        if namespace is None or error.response.get("Error", {}).get("Code") != "AccessDenied":
            raise
        return Parts(finished, (), ended, withheld=True)
    return Parts(finished, fragments, ended)


def _finished(client: Any, bucket: str, application_id: str, namespace: str | None) -> tuple[tuple[str, ...], bool]:
    """Keys of finished files in the order of their numbers, and whether Spark says that the application ended."""
    places = [f"{directory_of(namespace)}/"] if namespace else ["", *_directories(client, bucket)]
    name = f"eventlog_v2_{application_id}/"
    found = {place: keys for place in places if (keys := [key for key, _ in _keys(client, bucket, f"{place}{name}")])}
    if len(found) > 1:
        raise SeveralEventLogsError(", ".join(f"{place}{name}" for place in found))
    numbered: dict[int, str] = {}
    ended = False
    for key in (key for keys in found.values() for key in keys):
        file = key.rpartition("/")[2]
        ended = ended or file == f"appstatus_{application_id}"
        if match := re.fullmatch(rf"events_(\d+)_{re.escape(application_id)}(\..+)?", file):
            if match[2]:
                raise CompressedEventLogError(key)
            numbered[int(match[1])] = key
    return tuple(numbered[number] for number in sorted(numbered)), ended


def _directories(client: Any, bucket: str) -> Iterator[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{DIRECTORIES}/", Delimiter="/")
    for page in pages:
        for found in page.get("CommonPrefixes", ()):
            yield found["Prefix"]


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
