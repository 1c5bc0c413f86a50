"""`python -m moka_logs.event_log APPLICATION_ID --stack dev --out FILE`: one event log of what a dead driver left.

Writes a file that the Spark History Server reads. Leaves the bucket as it is: nobody but Spark and the log agent may
write there. Leaves out what the exit codes mean: exit_codes.py.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from moka_logs.arguments import application_id, team_namespace
from moka_logs.compressed import DamagedObjectError
from moka_logs.errors import explain
from moka_logs.event_log_merge import Count, merge
from moka_logs.event_log_parts import (
    CompressedEventLogError,
    Parts,
    SeveralEventLogsError,
    find_parts,
    finished_lines,
    fragment_lines,
)
from moka_logs.exit_codes import FAILED, FOUND, NONE, REFUSED, USAGE, answered, described
from moka_logs.place import Place, PlaceError, place_of, stacks

WITHHELD = "; fragments, which may hold more, are for readers of all teams"


@answered
def main(argv: Sequence[str]) -> int:
    """Write the log that the arguments ask for.

    Args:
        argv: arguments without the program's name.

    Returns:
        One of the exit codes.

    Raises:
        SystemExit: with code 2, when the arguments are wrong.
    """
    arguments = _parse(argv)
    if arguments.out.exists():
        return _say(f"{arguments.out} exists already: name another file, or remove it", USAGE)
    try:
        place = place_of(arguments.stack, arguments.bucket, arguments.region, purpose="spark-events")
    except PlaceError as error:
        return _say(str(error), USAGE)
    try:
        client = boto3.client("s3", region_name=place.region)
        return run(client, place, arguments.application_id, arguments.out, arguments.namespace)
    except (ClientError, BotoCoreError) as error:
        return _say(explain(error, place), REFUSED)
    except SeveralEventLogsError as error:
        return _say(f"several directories have a log of {arguments.application_id}: {error}: name its --team", USAGE)
    except CompressedEventLogError as error:
        return _say(
            f"{error} is compressed: this application set spark.eventLog.compress or rolled differently, and its log "
            "can't be joined; what is finished opens in the History Server as it is",
            FAILED,
        )


def run(client: Any, place: Place, application: str, out: Path, namespace: str | None = None) -> int:
    """Write an application's log, and say on standard error what it is made of.

    Args:
        client: an Amazon S3 client of boto3.
        place: where event logs are.
        application: Spark's id of the application.
        out: the file to write, in a directory that is made if need be; it appears when it is complete.
        namespace: as of `find_parts`.

    Returns:
        One of the exit codes.
    """
    parts = find_parts(client, place.bucket, application, namespace)
    count = Count()
    events = merge(
        _lines(parts.finished, lambda key: finished_lines(client, place.bucket, key)),
        _lines(parts.fragments, lambda key: fragment_lines(client, place.bucket, key)),
        count,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f"{out.name}.partial")
    with unfinished.open("wb") as file:
        file.writelines(event + b"\n" for event in events)
    if not count.finished + count.recovered:
        unfinished.unlink()
        return _say(
            f"s3://{place.bucket} holds no event of {application}{_where(namespace, parts)}: look for "
            f"eventlog_v2_{application}/ and fragments/{application}/ there, and at log_buckets.retention_days",
            NONE,
        )
    unfinished.rename(out)
    return _say(_summary(parts, count, out), FOUND)


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m moka_logs.event_log",
        description="Joins what S3 holds of an application's event log into one file for the Spark History Server.",
        epilog=described("a log was written", "there are no events"),
    )
    parser.add_argument("application_id", metavar="APPLICATION_ID", type=application_id, help="such as spark-3b1f0e6a")
    parser.add_argument("--stack", required=True, choices=stacks(), help="the environment that it ran in")
    parser.add_argument("--team", dest="namespace", type=team_namespace, help="the team that it ran for")
    parser.add_argument("--out", required=True, metavar="FILE", type=Path, help="file to write")
    parser.add_argument("--bucket", help="another bucket than the stack's")
    parser.add_argument("--region", help="another Region than the stack's")
    return parser.parse_args(argv)


def _lines(keys: Iterable[str], read: Callable[[str], Iterator[bytes]]) -> Iterator[bytes]:
    for key in keys:
        try:
            yield from read(key)
        except DamagedObjectError as error:
            _say(f"{key} is damaged: {error}; the lines after the damage are lost", None)


def _summary(parts: Parts, count: Count, out: Path) -> str:
    end = "the application ended" if count.ended else "no event says that the application ended"
    return (
        f"{out}: {count.finished + count.recovered} events, {count.finished} from {len(parts.finished)} finished files "
        f"and {count.recovered} more from {len(parts.fragments)} fragments, which repeat {count.repeated}; "
        f"{count.torn} torn lines left out; {end}{WITHHELD if parts.withheld else ''}"
    )


def _where(namespace: str | None, parts: Parts) -> str:
    return (f" in teams/{namespace}/" if namespace else "") + (WITHHELD if parts.withheld else "")


def _say(text: str, code: Any) -> Any:
    print(f"moka_logs.event_log: {text}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
