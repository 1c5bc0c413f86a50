"""The canary's scripts as its pods run them, against objects as the agent writes them."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from components.logs.canary import FILES

BUCKET = "systems"
NOON = datetime(2026, 11, 20, 12, 3, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, 0, 8, tzinfo=UTC)
DEAD_PORT = "http://127.0.0.1:9"


def minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def run(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", **variables}
    return subprocess.run(
        [sys.executable, str(FILES / script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def storage(server: str) -> Iterator[Any]:
    client = boto3.client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="s"
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])
    client.delete_bucket(Bucket=BUCKET)


def upload(storage: Any, written: datetime, day: str, text: str | None = None, cluster: str = "moka-dev") -> None:
    """An object of the writer's pod that was due at a moment, under a day's prefix."""
    pod = f"log-canary-writer-{minute(written)}-x7k2p"
    line = f"moka-log-canary log-canary-writer-{minute(written)}" if text is None else text
    key = f"system/{cluster}/{day}/{pod}/log-canary-log-canary-writer-120203-0a1b.log.gz"
    storage.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(f"{line}\n".encode()), ContentEncoding="gzip")


def check(server: str, now: datetime, bound: int = 15) -> subprocess.CompletedProcess[str]:
    return run(
        "canary_check.py",
        SYSTEM_BUCKET=BUCKET,
        CLUSTER_NAME="moka-dev",
        AWS_REGION="us-east-1",
        INTERVAL_MINUTES="5",
        BOUND_MINUTES=str(bound),
        NOW=str(now.timestamp()),
        AWS_ENDPOINT_URL=server,
        AWS_MAX_ATTEMPTS="1",
    )


def test_the_writer_writes_the_line_that_the_checker_looks_for(server: str, storage: Any) -> None:
    due = NOON.replace(minute=45, hour=11)
    line = run("canary_write.py", JOB_NAME=f"log-canary-writer-{minute(due)}").stdout
    assert line == f"moka-log-canary log-canary-writer-{minute(due)}\n"
    upload(storage, due, "2026/11/20", line)
    done = check(server, NOON)
    assert done.returncode == 0, done
    assert done.stdout.startswith("found:")


def test_a_line_that_the_agent_prefixes_with_its_time_is_found_too(server: str, storage: Any) -> None:
    due = NOON.replace(minute=45, hour=11)
    upload(
        storage,
        due,
        "2026/11/20",
        f"2026-11-20T11:45:02.1Z stdout moka-log-canary log-canary-writer-{minute(due)}",
    )
    assert check(server, NOON).returncode == 0


def test_a_line_is_found_among_bytes_that_are_no_text(server: str, storage: Any) -> None:
    due = NOON.replace(minute=45, hour=11)
    pod = f"log-canary-writer-{minute(due)}"
    body = gzip.compress(f"größer\x85\u2028\n moka-log-canary {pod}\n".encode() + b"\xff\xe2\x82\n")
    storage.put_object(Bucket=BUCKET, Key=f"system/moka-dev/2026/11/20/{pod}-x7k2p/log-canary-0a1b.log.gz", Body=body)
    done = check(server, NOON)
    assert done.returncode == 0, done


@pytest.mark.parametrize(
    ("hour", "past"),
    [(11, 40), (11, 50)],
)
def test_the_line_before_and_the_line_after_do_not_stand_in_for_the_one_that_is_due(
    server: str, storage: Any, hour: int, past: int
) -> None:
    upload(storage, NOON.replace(hour=hour, minute=past), "2026/11/20")
    done = check(server, NOON)
    assert done.returncode == 1
    assert done.stdout.startswith("missing:")
    assert "system/moka-dev/2026/11/20/log-canary-writer-" in done.stdout


def test_another_bound_looks_for_another_line(server: str, storage: Any) -> None:
    upload(storage, NOON.replace(hour=11, minute=30), "2026/11/20")
    assert check(server, NOON, bound=30).returncode == 0
    assert check(server, NOON, bound=15).returncode == 1


def test_an_object_without_the_line_is_a_lost_line(server: str, storage: Any) -> None:
    due = NOON.replace(hour=11, minute=45)
    upload(storage, due, "2026/11/20", text="")
    assert check(server, NOON).returncode == 1
    upload(storage, due, "2026/11/20", text=f"moka-log-canary log-canary-writer-{minute(due)}0")
    assert check(server, NOON).returncode == 1


@pytest.mark.parametrize("day", ["2026/11/20", "2026/11/21"])
def test_a_line_written_before_midnight_is_found_under_either_day(server: str, storage: Any, day: str) -> None:
    upload(storage, datetime(2026, 11, 20, 23, 50, tzinfo=UTC), day)
    assert check(server, MIDNIGHT).returncode == 0


def test_another_clusters_line_does_not_count(server: str, storage: Any) -> None:
    upload(storage, NOON.replace(hour=11, minute=45), "2026/11/20", cluster="moka-production")
    assert check(server, NOON).returncode == 1


def test_an_outage_of_s3_fails_the_check_and_says_so() -> None:
    done = check(DEAD_PORT, NOON)
    assert done.returncode == 1
    assert done.stdout.startswith("unknown:")


def test_an_object_that_is_not_gzip_fails_the_check_and_says_so(server: str, storage: Any) -> None:
    due = NOON.replace(hour=11, minute=45)
    key = f"system/moka-dev/2026/11/20/log-canary-writer-{minute(due)}-a/1.log.gz"
    storage.put_object(Bucket=BUCKET, Key=key, Body=b"plain")
    done = check(server, NOON)
    assert done.returncode == 1
    assert done.stdout.startswith("unknown:")
