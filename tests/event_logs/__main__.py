"""`python -m tests.event_logs SPARK_HOME HISTORY_HOME`: write as two teams, kill drivers, join logs."""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args
from wsgiref.types import WSGIApplication

import boto3

from components.spark.event_logs import MARK_CONTENT, directory_of, mark_of
from components.spark.policies import event_log_policy, read_event_logs
from components.teams.names import namespace_of
from moka_logs.event_log_cli import run
from moka_logs.place import Place
from tests.event_logs.judged_bucket import JudgedBucket
from tests.event_logs.spark import ACCOUNT, BUCKET, HISTORY_SERVER, NAMESPACE, TASKS, TEAMS, Killed, Moment, Spark
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
        key = f"{directory_of(NAMESPACE)}/eventlog_v2_{application_id}/events_{len(found) + 1}_{application_id}"
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


def judge_teams(spark: Spark, client: Any, judged: JudgedBucket) -> list[str]:
    """What is wrong with applications of two teams, one that writes into the other's directory, and one of old."""
    wrong: list[str] = []
    own = {team: spark.ended(f"spark-of-{team}", {}, namespace=namespace_of(team), queries=1) for team in TEAMS}
    wrong += [f"{team}: exit code {each.code}" for team, each in own.items() if each.code]
    wrong += [f"{who} was refused {action} of {key}" for who, action, key in judged.refused]
    for team, each in own.items():
        prefix = f"{directory_of(namespace_of(team))}/eventlog_v2_{each.application_id}/"
        names = [found["Key"] for found in client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())]
        if f"{prefix}appstatus_{each.application_id}" not in names:
            wrong.append(f"{team}: {prefix} says not that the application ended, but holds {names}")
    judged.refused.clear()
    first, second = (namespace_of(team) for team in TEAMS)
    theirs = {"spark.eventLog.dir": f"s3a://{BUCKET}/{directory_of(second)}/"}
    at_root = {"spark.eventLog.dir": f"s3a://{BUCKET}/"}
    for name, place, settings in (("theirs", "another team's directory", theirs), ("root", "the root", at_root)):
        done = spark.ended(f"spark-in-{name}", settings, namespace=first, queries=1)
        if not done.code or not judged.refused:
            wrong.append(f"an application that writes into {place} should be refused, not end with code {done.code}")
        print(f"into {place}: exit code {done.code}, refused {sorted(set(judged.refused))}")
        judged.refused.clear()
    # As applications of earlier releases wrote, whose roles could.
    old = spark.ended("spark-of-old", at_root, namespace="of-old", queries=1)
    expected = {each.application_id for each in (*own.values(), old)}
    listed = spark.listed(len(expected))
    if not expected <= listed:
        wrong.append(f"the History Server lists {sorted(listed)}, and should list {sorted(expected)}")
    wrong += [f"{who} was refused {action} of {key}" for who, action, key in judged.refused]
    print(f"the History Server lists {len(listed)} applications of {len(TEAMS)} teams and of the root")
    return wrong


def main() -> int:
    """Write into a locked bucket, kill a driver at each moment, judge what is left; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.event_logs", description=__doc__)
    parser.add_argument("spark_home", type=Path, help="a Spark 4.1 with the jars of images/spark")
    parser.add_argument("history_home", type=Path, help="the Spark of the History Server, with the jars of its image")
    arguments = parser.parse_args()
    applications, history = arguments.spark_home.resolve(), arguments.history_home.resolve()
    for home in (applications, history):
        if not (home / "bin" / "spark-class").is_file():
            parser.error(f"{home} holds no bin/spark-class: name the directory of a Spark")
    policies = {
        namespace_of(team): event_log_policy(ACCOUNT, BUCKET, "key", namespace=namespace_of(team)) for team in TEAMS
    }
    policies[HISTORY_SERVER] = read_event_logs(ACCOUNT, BUCKET, "key")
    gate: list[JudgedBucket] = []

    def judging(application: WSGIApplication) -> WSGIApplication:
        gate.append(JudgedBucket(application, BUCKET, ACCOUNT, policies))
        return gate[0]

    server = S3Server(locked=[BUCKET], before=judging)
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("s3", endpoint_url=server.url, region_name=ACCOUNT.region, **keys)
    client.create_bucket(Bucket=BUCKET)
    for team in TEAMS:
        mark = {"Key": mark_of(namespace_of(team)), "Body": MARK_CONTENT.encode()}
        client.put_object(Bucket=BUCKET, ChecksumAlgorithm="CRC32", **mark)
    with tempfile.TemporaryDirectory(prefix="moka-event-logs-") as scratch:
        spark = Spark(applications, history, Path(scratch), server.url)
        problems = [f"teams: {sentence}" for sentence in judge_teams(spark, client, gate[0])]
        problems += [f"lock: {sentence}" for sentence in judge_lock(spark, server)]
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
