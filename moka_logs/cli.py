"""`python -m moka_logs APPLICATION_ID --stack dev`: from the command line to an exit code.

Leaves out what the codes mean: exit_codes.py.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from moka_logs.arguments import Request, parse
from moka_logs.bucket import LogBucket
from moka_logs.errors import explain
from moka_logs.exit_codes import FAILED, FOUND, INTERRUPTED, NONE, REFUSED, USAGE, answered
from moka_logs.follow import batches
from moka_logs.namespaces import AmbiguousApplicationError, Whereabouts
from moka_logs.object_keys import LogObject, prefixes
from moka_logs.place import Place, PlaceError, place_of
from moka_logs.prefetch import THREADS
from moka_logs.printer import Printer
from moka_logs.reading import Reading, since


@answered
def main(argv: Sequence[str], wait: Callable[[float], object] = time.sleep) -> int:
    """Print what the arguments ask for.

    Args:
        argv: arguments without the program's name.
        wait: waits for so many seconds between two looks for new objects.

    Returns:
        One of the exit codes.

    Raises:
        SystemExit: with code 2, when the arguments are wrong.
    """
    request = parse(argv, datetime.now(UTC))
    try:
        place = place_of(request.stack, request.bucket, request.region)
    except PlaceError as error:
        return _say(f"moka_logs: {error}", USAGE)
    try:
        bucket = LogBucket(_client(place), place.bucket)
        return run(request, bucket, place, sys.stdout, wait)
    except AmbiguousApplicationError as error:
        return _say(f"moka_logs: {error}", USAGE)
    except (ClientError, BotoCoreError) as error:
        return _say(f"moka_logs: {explain(error, place)}", REFUSED)


def run(
    request: Request, bucket: LogBucket, place: Place, out: TextIO, wait: Callable[[float], object] = time.sleep
) -> int:
    """Print an application's lines, and say on standard error how much was read.

    Args:
        request: what is asked for.
        bucket: where objects are.
        place: the same, for messages.
        out: where lines go.
        wait: waits for so many seconds.

    Returns:
        One of the exit codes.

    Raises:
        AmbiguousApplicationError: when applications of several namespaces have the id.
    """
    reading = Reading(bucket, lambda text: _say(f"moka_logs: {text}", None))
    colour = out.isatty() and not os.environ.get("NO_COLOR")
    printer = Printer(out, grep=request.grep, since=request.since, tail=request.tail, colour=colour)
    whereabouts = Whereabouts(bucket, request.application_id, request.namespace)

    def look() -> Iterable[LogObject]:
        if (namespace := whereabouts.find()) is None:
            return ()
        found = bucket.objects(namespace, request.application_id, request.role, request.pod)
        return found if request.since is None else since(found, request.since)

    interrupted = False
    try:
        for batch in batches(look, wait, follow=request.follow):
            for line in reading.lines(batch):
                printer.show(line)
            printer.flush()
        for line in reading.rest():
            printer.show(line)
    except KeyboardInterrupt:
        # How one stops following.
        interrupted = True
    printer.flush()
    _say(_summary(request, whereabouts.namespace, reading, place, printer.printed), None)
    if interrupted:
        return INTERRUPTED
    if printer.printed:
        return FOUND
    if reading.tally.unread:
        return _say(f"moka_logs: {reading.tally.unread} objects could not be read: there may be lines", FAILED)
    if not reading.tally.objects:
        _say(_where_else(request, whereabouts.namespace, bucket, place), None)
    return NONE


def _client(place: Place) -> Any:
    # Listing and reading are safe to repeat, and one slow answer should not end a long run.
    retries = {"mode": "standard", "total_max_attempts": 6}
    return boto3.client(
        "s3", region_name=place.region, config=Config(retries=retries, max_pool_connections=THREADS + 1)
    )


def _summary(request: Request, namespace: str | None, reading: Reading, place: Place, printed: int) -> str:
    tally = reading.tally
    looked_at = prefixes(namespace or "*", request.application_id, request.role, request.pod)
    where = " and ".join(f"s3://{place.bucket}/{prefix}" for prefix in looked_at)
    return (
        f"moka_logs: {printed} of {tally.lines} lines printed, from {tally.objects} objects "
        f"({tally.size_bytes / 1e6:.1f} MB) of {len(tally.pods)} pods in {where}"
    )


def _where_else(request: Request, namespace: str | None, bucket: LogBucket, place: Place) -> str:
    unlabelled = f"spark-unlabelled/{namespace}/" if namespace else "spark-unlabelled/"
    try:
        some = "holds some" if bucket.holds(unlabelled) else "is empty"
    except ClientError as error:
        some = f"can't be listed by you ({error.response.get('Error', {}).get('Code')})"
    return (
        f"moka_logs: no object was found. A line is uploaded some minutes after it was written "
        f"(logs.spark_upload_interval_minutes of stack {request.stack}; 1 unless it says otherwise), and kept for "
        "log_buckets.retention_days. Lines of pods whose labels could not be read are under "
        f"s3://{place.bucket}/{unlabelled}, {'by pod' if namespace else 'by namespace and pod'}, which {some}."
    )


def _say(text: str, code: Any) -> Any:
    print(text, file=sys.stderr, flush=True)
    return code
