"""The environment's own trail: what it records, and who may write, read and delete what it wrote."""

import json
from typing import Any

import pytest

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.settings import LogBucketsSettings
from components.detection.event_selectors import pipeline_sessions
from components.detection.policies import trail_bucket_policy, trail_key_policy
from components.detection.settings import TrailSettings
from components.detection.trail import Trail
from offline.checks.iam.evaluation import Request, decide
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
TRAIL = "aws:cloudtrail/trail:Trail"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
DEPLOYER = f"arn:aws:iam::{ACCOUNT_ID}:role/deploy"
BUCKET_ARN = f"arn:aws:s3:::moka-dev-trail-{ACCOUNT_ID}-{REGION}"
TRAIL_ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT_ID}:trail/moka-dev"
OTHER_TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT_ID}:trail/other"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/1"
OBJECT = f"{BUCKET_ARN}/AWSLogs/{ACCOUNT_ID}/CloudTrail/a.json.gz"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
ADMIN = f"arn:aws:iam::{ACCOUNT_ID}:role/admin"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def build(trail: TrailSettings | None = None, *, protect: bool = True, **bucket: Any) -> Recorder:
    return record(
        lambda: Trail(
            trail or TrailSettings(),
            LogBucketsSettings(**bucket),
            ACCOUNT,
            access_log_bucket="moka-dev-access-logs",
            emptied_by=[DEPLOYER],
            protect=protect,
        )
    )


def selectors(trail: TrailSettings) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Name of a selector to its fields, each with operator and values."""
    found = build(trail).only(TRAIL).inputs["advancedEventSelectors"]
    return {
        each["name"]: {
            field["field"]: {name: values for name, values in field.items() if name != "field"}
            for field in each["fieldSelectors"]
        }
        for each in found
    }


def test_the_trail_is_encrypted_and_digested_and_starts_once_its_bucket_takes_it() -> None:
    recorder = build()
    trail = recorder.only(TRAIL)
    assert trail.inputs["name"] == "moka-dev"
    assert trail.inputs["s3BucketName"] == bucket_name("trail", ACCOUNT)
    assert trail.inputs["kmsKeyId"] == f"arn:aws:key:{REGION}:{ACCOUNT_ID}:key/trail"
    assert trail.inputs["enableLogFileValidation"] is True
    assert trail.inputs["enableLogging"] is True
    assert "aws:s3/bucketPolicy:BucketPolicy::trail" in trail.depends_on


def test_objects_name_the_trail_to_the_key() -> None:
    (rule,) = build().only(ENCRYPTION).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "aws:kms"
    assert rule["bucketKeyEnabled"] is False


def test_management_events_are_those_of_every_region() -> None:
    whole = TrailSettings(management_events=True, data_events="none")
    assert selectors(whole) == {"Management events": {"eventCategory": {"equals": ["Management"]}}}
    inputs = build(whole).only(TRAIL).inputs
    assert (inputs["isMultiRegionTrail"], inputs["includeGlobalServiceEvents"]) == (True, True)
    inputs = build(TrailSettings(management_events=False)).only(TRAIL).inputs
    assert (inputs["isMultiRegionTrail"], inputs["includeGlobalServiceEvents"]) == (False, False)


@pytest.mark.parametrize(("data_events", "read_only"), [("writes", {"equals": ["false"]}), ("all", None)])
def test_objects_of_the_log_buckets_are_watched_without_the_pipelines_own_calls(
    data_events: Any, read_only: dict[str, list[str]] | None
) -> None:
    (fields,) = selectors(TrailSettings(management_events=False, data_events=data_events)).values()
    assert fields["eventCategory"] == {"equals": ["Data"]}
    assert fields["resources.type"] == {"equals": ["AWS::S3::Object"]}
    assert fields["resources.ARN"] == {
        "startsWiths": [
            f"arn:aws:s3:::moka-dev-{purpose}-{ACCOUNT_ID}-{REGION}/"
            for purpose in ("spark-logs", "spark-events", "system-logs")
        ]
    }
    assert fields["userIdentity.arn"] == {"notStartsWiths": pipeline_sessions(ACCOUNT)}
    assert fields.get("readOnly") == read_only


def test_the_pipeline_is_fluent_bit_and_the_collector_of_events() -> None:
    session = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/moka-dev-{{}}-pod/"
    assert pipeline_sessions(ACCOUNT) == [session.format("cluster-events"), session.format("fluent-bit")]


@pytest.mark.parametrize(
    ("on_destroy", "is_protected", "is_kept"), [("keep", False, True), ("refuse", True, False), ("empty", False, False)]
)
def test_its_bucket_goes_and_stays_as_the_log_buckets_do(on_destroy: str, is_protected: bool, is_kept: bool) -> None:
    recorder = build(protect=False, on_destroy=on_destroy)
    for each in (recorder.only(BUCKET), recorder.only(KEY)):
        assert (each.protect, each.retain_on_delete) == (is_protected, is_kept)
    assert build(protect=True, on_destroy="empty").only(BUCKET).protect


def bucket_policy(**options: Any) -> dict[str, Any]:
    return trail_bucket_policy(BUCKET_ARN, KEY_ARN, TRAIL_ARN, ACCOUNT, **options)


def written_by(principal: str, source: str = TRAIL_ARN, resource: str = OBJECT) -> str:
    context = {
        "aws:SourceArn": source,
        "s3:x-amz-acl": "bucket-owner-full-control",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY_ARN,
    }
    request = Request(principal, "s3:PutObject", resource, context)
    identity = [EVERYTHING] if principal.startswith("arn:") else []
    return decide(request, identity, bucket_policy(), owner=ACCOUNT_ID)


def test_only_this_trail_writes_and_only_below_its_own_prefix() -> None:
    assert written_by(CLOUDTRAIL) == "allowed"
    assert written_by(CLOUDTRAIL, source=OTHER_TRAIL) == "not allowed"
    assert written_by(CLOUDTRAIL, resource=f"{BUCKET_ARN}/AWSLogs/999999999999/a") == "not allowed"
    assert written_by("logging.s3.amazonaws.com") == "not allowed"
    assert written_by(ADMIN) == "denied"
    check = Request(CLOUDTRAIL, "s3:GetBucketAcl", BUCKET_ARN, {"aws:SourceArn": TRAIL_ARN})
    assert decide(check, resource=bucket_policy(), owner=ACCOUNT_ID) == "allowed"
    check = Request(CLOUDTRAIL, "s3:GetBucketAcl", BUCKET_ARN, {"aws:SourceArn": OTHER_TRAIL})
    assert decide(check, resource=bucket_policy(), owner=ACCOUNT_ID) == "not allowed"


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"])
def test_nobody_deletes_what_was_recorded_but_a_destroy_that_empties(action: str) -> None:
    delete = Request(ADMIN, action, OBJECT)
    assert decide(delete, [EVERYTHING], bucket_policy(), owner=ACCOUNT_ID) == "denied"
    assert decide(delete, [EVERYTHING], bucket_policy(emptied_by=[DEPLOYER]), owner=ACCOUNT_ID) == "denied"
    emptying = Request(DEPLOYER, action, OBJECT)
    assert decide(emptying, [EVERYTHING], bucket_policy(emptied_by=[DEPLOYER]), owner=ACCOUNT_ID) == "allowed"


def test_deleters_stand_in_the_policy_only_while_destroy_empties() -> None:
    for on_destroy, is_named in (("keep", False), ("refuse", False), ("empty", True)):
        policy = build(on_destroy=on_destroy).only("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
        assert (DEPLOYER in json.dumps(policy)) == is_named, on_destroy


def with_key(principal: str, action: str, **context: str) -> str:
    request = Request(principal, action, KEY_ARN, context)
    identity = [EVERYTHING] if principal.startswith("arn:") else []
    return decide(request, identity, trail_key_policy(TRAIL_ARN, ACCOUNT), owner=ACCOUNT_ID, key=True)


def test_only_this_trail_encrypts_with_the_key_and_people_read_through_amazon_s3_alone() -> None:
    named = "kms:EncryptionContext:aws:cloudtrail:arn"
    own, other = {"aws:SourceArn": TRAIL_ARN, named: TRAIL_ARN}, {"aws:SourceArn": OTHER_TRAIL, named: OTHER_TRAIL}
    assert with_key(CLOUDTRAIL, "kms:GenerateDataKeyWithoutPlaintext", **own) == "allowed"
    assert with_key(CLOUDTRAIL, "kms:GenerateDataKey", **own) == "allowed"
    assert with_key(CLOUDTRAIL, "kms:DescribeKey", **{"aws:SourceArn": TRAIL_ARN}) == "allowed"
    assert with_key(CLOUDTRAIL, "kms:GenerateDataKey", **other) == "not allowed"
    assert with_key(CLOUDTRAIL, "kms:GenerateDataKey", **{**own, named: OTHER_TRAIL}) == "not allowed"
    assert with_key(CLOUDTRAIL, "kms:DescribeKey", **{"aws:SourceArn": OTHER_TRAIL}) == "not allowed"
    assert with_key(CLOUDTRAIL, "kms:Decrypt", **own) == "not allowed"
    through = {"kms:CallerAccount": ACCOUNT_ID, "kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    assert with_key(ADMIN, "kms:Decrypt", **through) == "allowed"
    assert with_key(ADMIN, "kms:Decrypt") == "not allowed"
