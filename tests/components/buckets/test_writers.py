"""Every writer of a bucket that locks sends what Amazon S3 asks of it: a checksum with each object."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.writers import WRITERS, Purpose
from components.logs.cluster_events import FILE as CLUSTER_EVENTS
from components.logs.fluent_bit import FILES as LOG_FILES
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import environment_lines, published_files
from tests.stack_files import ENVIRONMENTS, settings

# Variables of the agents' files by the bucket that they name.
VARIABLES: dict[Purpose, str] = {
    "spark-logs": "${SPARK_BUCKET}",
    "system-logs": "${SYSTEM_BUCKET}",
    "spark-events": "${EVENTS_BUCKET}",
}
CHECKSUMS = {"CRC32", "CRC32C", "SHA1", "SHA256"}


def outputs_with_md5(file: str, purpose: Purpose) -> bool:
    """Whether every output of a Fluent Bit file into a bucket sends Content-MD5, and there is one."""
    document: dict[str, Any] = yaml.safe_load((LOG_FILES / file).read_text())
    outputs = [each for each in document["pipeline"]["outputs"] if each.get("bucket") == VARIABLES[purpose]]
    # Without use_put_object larger chunks go up in parts.
    return bool(outputs) and all(each["send_content_md5"] and each["use_put_object"] for each in outputs)


def spark_with_checksums(stack: str, purpose: Purpose) -> bool:
    """Whether Spark's published defaults set S3A's checksum for the bucket, and not one that an option takes back."""
    tree = settings(stack)
    bucket = bucket_name(purpose, tree.account)
    lines = environment_lines(tree.spark, tree.account, bucket, ("spark",), tree.shuffle)
    published = published_files(lines)["spark-defaults.conf"].splitlines()
    key = f"spark.hadoop.fs.s3a.bucket.{bucket}.create.checksum.algorithm"
    found = [line.split()[1] for line in published if line.startswith(key)]
    return len(found) == 1 and found[0] in CHECKSUMS


# The pod identity of each writer, and what makes its objects acceptable. A writer without one fails the test below.
SENDS_CHECKSUMS: dict[str, Callable[[str, Purpose], bool]] = {
    "fluent-bit": lambda _, purpose: outputs_with_md5("fluent-bit.yaml", purpose),
    "cluster-events": lambda _, purpose: outputs_with_md5(CLUSTER_EVENTS, purpose),
}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_writer_of_a_log_bucket_sends_checksums(stack: str) -> None:
    for purpose, writers in WRITERS.items():
        for identity in writers.identities:
            assert identity in SENDS_CHECKSUMS, f"{identity} writes {purpose}: say here how it sends checksums"
            assert SENDS_CHECKSUMS[identity](stack, purpose), f"{identity} writes {purpose} without checksums"


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_applications_of_every_team_send_checksums_with_their_event_logs(stack: str) -> None:
    assert spark_with_checksums(stack, "spark-events")


def test_every_bucket_that_locks_names_its_writers() -> None:
    # Nobody else may put an object: `test_access.py` asks the bucket policies.
    assert set(WRITERS) == set(VARIABLES)


def test_staging_locks_before_production_does() -> None:
    staging, production = settings("staging").log_buckets, settings("production").log_buckets
    assert staging.object_lock_days is not None
    assert production.object_lock_days is not None
    assert staging.object_lock_days < production.object_lock_days


def test_the_option_names_the_bucket_that_event_logs_go_to() -> None:
    account = Account("dev", "222222222222", "us-east-1")
    lines = environment_lines(settings("dev").spark, account, "event-logs", ("spark",), ShuffleSettings())
    assert lines["spark.eventLog.dir"].startswith("s3a://event-logs/teams/")
    assert lines["spark.hadoop.fs.s3a.bucket.event-logs.create.checksum.algorithm"] == "CRC32"
