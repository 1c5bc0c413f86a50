"""`python -m tests.event_logs SPARK_HOME`: write into a locked bucket, kill drivers, join logs, say what was found."""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import boto3

from moka_logs.event_log_cli import run
from moka_logs.place import Place
from tests.event_logs.spark import ACCOUNT, BUCKET, TASKS, Killed, Moment, Spark
from tests.s3_server import S3Server

# Hadoop's name of the option without which S3A writes no checksum.
OPTION = "create.checksum.algorithm"
REFUSAL = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
# The smallest part that Amazon S3 takes, so that a file of an event log goes up in several.
IN_PARTS = {f"spark.hadoop.fs.s3a.bucket.{BUCKET}.multipart.size": "5M"}
HEADER = ("killed", "finished files", "their events", "whole lines left", "torn bytes", "tasks", "in the page")


def ship(client: Any, killed: Killed, finished: Iterable[bytes]) -> None:
    """Upload what the log agent would: every line at least once, those of finished files too, the torn end as it is."""
    blocks = [*finished, *(path.read_bytes() for path in killed.buffers)]
    for number, block in enumerate(blocks):
        half = block.rfind(b"\n", 0, len(block) // 2) + 1
        for second, part in enumerate((block[:half], block[:half], block[half:])):
            key = f"fragments/{killed.application_id}/block-{number}/20261123T10{number:02}{second:02}-1.jsonl.gz"
            client.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(part), ChecksumAlgorithm="CRC32")


def finished_files(client: Any, application_id: str) -> list[bytes]:
    """Bodies of the files that Spark closed, in order."""
    found: list[bytes] = []
    while True:
        key = f"eventlog_v2_{application_id}/events_{len(found) + 1}_{application_id}"
        try:
            found.append(client.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        except client.exceptions.NoSuchKey:
            return found


def judge(spark: Spark, client: Any, killed: Killed) -> tuple[list[str], list[str]]:
    """Figures of one killed application, and what is wrong with them."""
    files = finished_files(client, killed.application_id)
    # Only a line feed ends an event: a text in it may hold every other end that Unicode knows.
    finished = b"".join(files).split(b"\n")[:-1]
    *left, torn = b"".join(path.read_bytes() for path in killed.buffers).split(b"\n")
    ship(client, killed, files)

    joined = spark.scratch / "joined" / killed.application_id
    joined.parent.mkdir(exist_ok=True)
    code = run(client, Place(BUCKET, ACCOUNT.region), killed.application_id, joined)
    log = joined.read_bytes().split(b"\n")[:-1] if code == 0 else []
    ends = sum(json.loads(line)["Event"] == "SparkListenerTaskEnd" for line in log)
    stages = spark.stages(joined.parent, killed.application_id)
    shown = sum(stage["numCompleteTasks"] for stage in stages)

    wrong: list[str] = []
    if log != [*finished, *left]:
        wrong.append("the joined log is not what was finished followed by the whole lines that were left")
    if not files or not left:
        wrong.append("there was nothing to join: the driver was killed too early or too late")
    if ends < killed.queries * TASKS:
        wrong.append(f"{killed.queries} queries had ended, which is {killed.queries * TASKS} tasks and more")
    if shown != ends:
        wrong.append(f"the History Server shows {shown} tasks of {ends}")
    figures = (len(files), len(finished), len(left), len(torn), ends, shown)
    return [str(figure) for figure in figures], wrong


def judge_lock(spark: Spark, server: S3Server) -> list[str]:
    """What is wrong with an application without checksums, and with one whose files go up in parts."""
    wrong: list[str] = []
    without = spark.ended("spark-without", {}, without=OPTION)
    if without.code == 0 or REFUSAL not in without.said:
        wrong.append(
            f"without {OPTION} the application should end with the refusal of S3, not with code {without.code}"
        )
    print(f"without {OPTION}: exit code {without.code}, {server.buckets.refused} writes refused")
    refused, parts = server.buckets.refused, server.buckets.parts
    ended = spark.ended("spark-parts", IN_PARTS)
    refused, parts = server.buckets.refused - refused, server.buckets.parts - parts
    print(f"with it, in parts of 5 MiB: exit code {ended.code}, {parts} parts, {refused} writes refused")
    if ended.code or refused or not parts:
        wrong.append("with it no write should be refused, and a file should go up in parts")
    return wrong


def main() -> int:
    """Write into a locked bucket, kill a driver at each moment, judge what is left; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.event_logs", description=__doc__)
    parser.add_argument("spark_home", type=Path, help="a Spark 4.1 with the jars of images/spark")
    home: Path = parser.parse_args().spark_home.resolve()
    if not (home / "bin" / "spark-submit").is_file():
        parser.error(f"{home} holds no bin/spark-submit: name the directory of a Spark 4.1")
    server = S3Server(locked=[BUCKET])
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("s3", endpoint_url=server.url, region_name=ACCOUNT.region, **keys)
    client.create_bucket(Bucket=BUCKET)
    with tempfile.TemporaryDirectory(prefix="moka-event-logs-") as scratch:
        spark = Spark(home, Path(scratch), server.url)
        problems = [f"lock: {sentence}" for sentence in judge_lock(spark, server)]
        rows: list[tuple[str, ...]] = [HEADER]
        for moment in get_args(Moment):
            figures, wrong = judge(spark, client, spark.killed(f"spark-{moment}", moment))
            rows.append((moment, *figures))
            problems += [f"{moment}: {sentence}" for sentence in wrong]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
        for row in rows:
            print("  ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)))
    server.stop()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
