"""Fails unless the canary's line of BOUND_MINUTES ago lies in the bucket of system logs.

The agent keeps lines of a pod under system/<cluster>/<yyyy>/<mm>/<dd>/<pod>/, and a pod of a CronJob is called after
the minute that it was due in, so the key tells which line to look for. The day is that of the upload's first line, or
of the agent's restart if it was restarted meanwhile: every day from then to now is looked at.

    SYSTEM_BUCKET, CLUSTER_NAME, AWS_REGION   where to look
    INTERVAL_MINUTES                          minutes between two lines
    BOUND_MINUTES                             minutes that a line may take
    NOW                                       seconds since 1970 to judge by, instead of the clock
"""

# boto3 has no types of its own.
# pyright: standard

import gzip
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
from botocore.exceptions import BotoCoreError, ClientError

SECONDS_A_MINUTE = 60


def due_minute(now: float, interval: int, bound: int) -> int:
    """Number of the newest minute whose line had BOUND_MINUTES to arrive."""
    return (int(now) // SECONDS_A_MINUTE - bound) // interval * interval


def prefixes(cluster: str, job: str, minute: int, now: float) -> Iterator[str]:
    """Where the line's object can lie, oldest day first."""
    day = datetime.fromtimestamp(minute * SECONDS_A_MINUTE, UTC).date()
    last = datetime.fromtimestamp(now, UTC).date()
    while day <= last:
        yield f"system/{cluster}/{day:%Y/%m/%d}/{job}-"
        day += timedelta(days=1)


def main() -> int:
    """Look for the line, say what was found, and answer 0 when it is there."""
    bucket, cluster = os.environ["SYSTEM_BUCKET"], os.environ["CLUSTER_NAME"]
    now = float(os.environ.get("NOW") or time.time())
    bound = int(os.environ["BOUND_MINUTES"])
    minute = due_minute(now, int(os.environ["INTERVAL_MINUTES"]), bound)
    job = f"log-canary-writer-{minute}"
    line = f"moka-log-canary {job}"
    storage = boto3.client("s3", region_name=os.environ["AWS_REGION"])
    looked_at: list[str] = []
    try:
        for prefix in prefixes(cluster, job, minute, now):
            looked_at.append(prefix)
            # A pod that wrote one line has an object or two, far from the thousand that one answer holds.
            for found in storage.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
                body = storage.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
                if any(text.rstrip().endswith(line.encode()) for text in gzip.decompress(body).split(b"\n")):
                    print(f"found: {line!r} in s3://{bucket}/{found['Key']}")
                    return 0
    except (BotoCoreError, ClientError, OSError, EOFError) as error:
        print(f"unknown: {line!r} could not be looked for in s3://{bucket}: {error}")
        return 1
    print(f"missing: {line!r} is not below {', '.join(looked_at)} of s3://{bucket} after {bound} minutes")
    return 1


if __name__ == "__main__":
    sys.exit(main())
