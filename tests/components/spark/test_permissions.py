"""What drivers, executors and the History Server may do in AWS, judged request by request."""

from collections.abc import Mapping

import pytest

from components.identity.policies import Document
from components.spark.policies import event_log_policy, read_event_logs
from offline.checks.iam.evaluation import Request, decide
from tests.components.spark.spark_environment import ACCOUNT, KEY

ROLE = f"arn:aws:iam::{ACCOUNT.id}:role/pod"
BUCKET = "arn:aws:s3:::events"
DIRECTORY = f"{BUCKET}/teams/spark-sales"
LOG = f"{DIRECTORY}/eventlog_v2_spark-1"
THROUGH_S3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
APPLICATION = event_log_policy(ACCOUNT, "events", KEY, namespace="spark-sales")
READER = read_event_logs(ACCOUNT, "events", KEY)

NEIGHBOURS = [
    ("s3:GetObject", f"{BUCKET}/fragments/spark-1/part"),
    ("s3:PutObject", f"{BUCKET}/fragments/spark-1/part"),
    ("s3:PutObject", f"{BUCKET}/spark-1"),
    ("s3:PutObject", f"{DIRECTORY}/spark-1"),
    ("s3:PutObject", DIRECTORY),
    ("s3:PutObject", f"{DIRECTORY}/.directory"),
    ("s3:GetObject", "arn:aws:s3:::others/eventlog_v2_spark-1/events_1_spark-1"),
    ("s3:ListBucket", "arn:aws:s3:::others"),
    ("s3:ListBucketVersions", BUCKET),
    ("s3:DeleteObject", f"{LOG}/events_1_spark-1"),
    ("s3:DeleteObject", f"{LOG}/appstatus_spark-1"),
    ("s3:DeleteObject", f"{BUCKET}/notes.inprogress"),
    ("s3:DeleteObjectVersion", f"{LOG}/appstatus_spark-1.inprogress"),
    ("s3:PutObjectAcl", f"{LOG}/events_1_spark-1"),
    ("s3:BypassGovernanceRetention", f"{LOG}/events_1_spark-1"),
    ("s3:PutLifecycleConfiguration", BUCKET),
]


def allows(policy: Document, action: str, resource: str, context: Mapping[str, str] | None = None) -> bool:
    """Whether AWS would allow a pod's request by its role's policy alone."""
    request = Request(ROLE, action, resource, context or {})
    return decide(request, [policy], owner=ACCOUNT.id) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", BUCKET),
        ("s3:GetObject", DIRECTORY),
        ("s3:PutObject", f"{LOG}/"),
        ("s3:PutObject", f"{LOG}/events_1_spark-1"),
        ("s3:PutObject", f"{LOG}/appstatus_spark-1.inprogress"),
        ("s3:GetObject", f"{LOG}/appstatus_spark-1.inprogress"),
        ("s3:PutObject", f"{LOG}/appstatus_spark-1"),
        ("s3:DeleteObject", f"{LOG}/appstatus_spark-1.inprogress"),
        ("s3:AbortMultipartUpload", f"{LOG}/events_1_spark-1"),
    ],
)
def test_a_driver_may_send_each_request_that_spark_sent_in_a_recorded_run(action: str, resource: str) -> None:
    assert allows(APPLICATION, action, resource)


@pytest.mark.parametrize(("action", "resource"), NEIGHBOURS)
def test_a_driver_may_do_nothing_beside_its_own_event_logs(action: str, resource: str) -> None:
    assert not allows(APPLICATION, action, resource, THROUGH_S3)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        *NEIGHBOURS,
        ("s3:PutObject", f"{LOG}/events_1_spark-1"),
        ("s3:DeleteObject", f"{LOG}/appstatus_spark-1.inprogress"),
        ("s3:AbortMultipartUpload", f"{LOG}/events_1_spark-1"),
        ("kms:GenerateDataKey", KEY),
        ("kms:Encrypt", KEY),
    ],
)
def test_the_history_server_changes_nothing_and_reads_nothing_else(action: str, resource: str) -> None:
    assert not allows(READER, action, resource, THROUGH_S3)


def test_the_history_server_lists_and_reads_event_logs() -> None:
    assert allows(READER, "s3:ListBucket", BUCKET)
    for log in (LOG, LOG.replace("sales", "ads"), LOG.replace("teams/spark-sales/", "")):
        assert allows(READER, "s3:GetObject", f"{log}/events_1_spark-1"), log
    assert allows(READER, "s3:GetObject", DIRECTORY), "S3A asks for the directory itself, and 403 ends the server"
    assert allows(READER, "kms:Decrypt", KEY, THROUGH_S3)


@pytest.mark.parametrize("policy", [APPLICATION, READER])
def test_the_key_serves_amazon_s3_alone(policy: Document) -> None:
    assert allows(policy, "kms:Decrypt", KEY, THROUGH_S3)
    assert not allows(policy, "kms:Decrypt", KEY)
    assert not allows(policy, "kms:Decrypt", KEY, {"kms:ViaService": "ec2.us-east-1.amazonaws.com"})
    assert not allows(policy, "kms:Decrypt", f"{KEY}2", THROUGH_S3)
