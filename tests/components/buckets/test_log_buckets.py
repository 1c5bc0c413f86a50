"""The four log buckets under mocks: completeness, lifecycle by stack, protection."""

import json
from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Any

import pytest

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.log_buckets import LogBuckets
from components.buckets.settings import LogBucketsSettings
from components.spark.event_logs import MARK_CONTENT
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
DEPLOYER = f"arn:aws:iam::{ACCOUNT_ID}:role/deploy"
BUCKET = "aws:s3/bucket:Bucket"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
COMPANIONS = (
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketPolicy:BucketPolicy",
)
ALL = {"spark-logs", "spark-events", "system-logs", "access-logs"}
ENCRYPTED = ALL - {"access-logs"}


def build(
    protect: bool = True,
    *,
    event_log_writers: Sequence[str] = (),
    access_logs_of: Sequence[str] = (),
    **settings: Any,
) -> Recorder:
    return record(
        lambda: LogBuckets(
            "log-buckets",
            LogBucketsSettings(**settings),
            ACCOUNT,
            event_log_writers=event_log_writers,
            emptied_by=[DEPLOYER],
            access_logs_of=access_logs_of,
            protect=protect,
        )
    )


def policy(recorder: Recorder, name: str) -> dict[str, Any]:
    statements = json.loads(recorder.named("aws:s3/bucketPolicy:BucketPolicy", name).inputs["policy"])["Statement"]
    return {each["Sid"]: each for each in statements}


def test_every_bucket_has_every_companion_and_they_are_its_siblings() -> None:
    recorder = build()
    for companion in COMPANIONS:
        assert {each.name for each in recorder.of(companion)} == ALL
        for each in recorder.of(companion):
            assert each.parent == each.name
            assert each.inputs["bucket"] == bucket_name(each.name, ACCOUNT)


def test_no_object_belongs_to_another_account_and_access_lists_count_for_nothing() -> None:
    for each in build().of(COMPANIONS[1]):
        assert each.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_no_bucket_is_reachable_by_the_public() -> None:
    for block in build().of(COMPANIONS[0]):
        flags = {key: value for key, value in block.inputs.items() if key != "bucket"}
        assert flags == {
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        }


def test_log_buckets_use_the_customer_key_and_the_access_log_bucket_amazon_s3s_own() -> None:
    recorder = build()
    key = recorder.only("aws:kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    for name in ALL:
        rule = recorder.named(COMPANIONS[2], name).inputs["rules"][0]
        default = rule["applyServerSideEncryptionByDefault"]
        if name == "access-logs":
            assert default == {"sseAlgorithm": "AES256"}
        else:
            assert default["sseAlgorithm"] == "aws:kms"
            assert default["kmsMasterKeyId"].endswith("/log-buckets")
            assert rule["bucketKeyEnabled"] is True


def test_a_policy_denies_plain_http_other_accounts_other_keys_and_lifting_the_lock() -> None:
    recorder = build()
    for name in ENCRYPTED:
        statements = policy(recorder, name)
        assert {sid for sid, each in statements.items() if each["Effect"] == "Deny"} == set(statements)
        assert statements["DenyWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        others = statements["DenyOtherAccounts"]["Condition"]
        assert others["StringNotEquals"] == {"aws:PrincipalAccount": ACCOUNT_ID}
        keys = statements["DenyOtherKeys"]["Condition"]
        assert keys["StringNotEquals"]["s3:x-amz-server-side-encryption-aws-kms-key-id"].endswith("/log-buckets")
        assert statements["DenyLiftingTheLock"]["Action"] == ["s3:BypassGovernanceRetention"]
        arn = f"arn:aws:s3:::{bucket_name(name, ACCOUNT)}"
        for each in statements.values():
            assert set(each.get("Resource", ())) <= {arn, f"{arn}/*"}


def test_writers_are_named_in_the_policy_and_those_of_event_logs_are_the_teams() -> None:
    recorder = build(event_log_writers=["spark-ads-spark"])
    writers = {
        name: policy(recorder, name)["DenyOtherWriters"]["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
        for name in ENCRYPTED
    }
    names = ("fluent-bit", "cluster-events", "spark-ads-spark")
    agent, events, ads = (f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-{name}-pod" for name in names)
    assert writers == {"spark-logs": [agent], "system-logs": [agent, events], "spark-events": [agent, ads]}


@pytest.mark.parametrize("on_destroy", ["keep", "refuse", "empty"])
def test_nothing_of_a_bucket_is_deleted_before_the_bucket(on_destroy: str) -> None:
    recorder = build(on_destroy=on_destroy, protect=False)
    parts = [each for each in recorder.registrations if each.type.startswith("aws:s3/") and each.type != BUCKET]
    assert {each.type for each in parts} > {*COMPANIONS, LOCK}
    for each in parts:
        assert each.deleted_with == f"{BUCKET}::{each.name}", each


@pytest.mark.parametrize("protect", [True, False])
def test_a_bucket_that_may_not_be_emptied_is_protected_with_its_key_so_that_a_destroy_is_refused_at_once(
    protect: bool,
) -> None:
    for each in build(on_destroy="refuse", protect=protect).registrations:
        if each.type.startswith("aws:"):
            assert each.protect, each
            assert not each.retain_on_delete, each


def exempted(recorder: Recorder, name: str, sid: str) -> list[str]:
    """Roles to which a denial does not apply."""
    condition = policy(recorder, name)[sid].get("Condition", {})
    return condition.get("ArnNotEquals", {}).get("aws:PrincipalArn", [])


@pytest.mark.parametrize(("on_destroy", "deleters"), [("keep", []), ("refuse", []), ("empty", [DEPLOYER])])
def test_who_deploys_deletes_logs_and_lifts_the_lock_only_where_buckets_are_emptied(
    on_destroy: str, deleters: list[str]
) -> None:
    recorder = build(on_destroy=on_destroy, protect=False, event_log_writers=["spark-ads-spark"])
    spark = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-dev-spark-ads-spark-pod"
    for name in ALL:
        assert exempted(recorder, name, "DenyLiftingTheLock") == deleters
        assert exempted(recorder, name, "DenyDeletion") == deleters
        assert DEPLOYER not in exempted(recorder, name, "DenyOtherWriters")
    assert exempted(recorder, "spark-events", "DenyDeletionOfFinishedLogs") == deleters
    assert {spark, *deleters} <= set(exempted(recorder, "spark-events", "DenyDeletionByOthers"))


def test_access_logs_of_another_bucket_of_the_environment_arrive_where_they_are_asked_for() -> None:
    delivery = policy(build(access_logs_of=["trail"]), "access-logs")["AccessLogDelivery"]
    assert set(delivery["Condition"]["ArnLike"]["aws:SourceArn"]) == {
        f"arn:aws:s3:::{bucket_name(name, ACCOUNT)}" for name in ENCRYPTED | {"trail"}
    }


def test_access_logs_are_delivered_from_the_three_buckets_of_this_account_only() -> None:
    recorder = build()
    delivery = policy(recorder, "access-logs")["AccessLogDelivery"]
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT_ID}
    assert set(delivery["Condition"]["ArnLike"]["aws:SourceArn"]) == {
        f"arn:aws:s3:::{bucket_name(name, ACCOUNT)}" for name in ENCRYPTED
    }
    logging = recorder.of("aws:s3/bucketLogging:BucketLogging")
    assert {each.name: each.inputs["targetPrefix"] for each in logging} == {name: f"{name}/" for name in ENCRYPTED}
    for each in logging:
        assert each.inputs["targetBucket"] == bucket_name("access-logs", ACCOUNT)
        component = recorder.named("moka:index:LogBucket", each.name)
        assert "aws:s3/bucketPolicy:BucketPolicy::access-logs" in component.depends_on


def test_production_defaults_version_lock_keep_and_protect_everything_of_a_bucket() -> None:
    recorder = build()
    locks = recorder.of(LOCK)
    assert {each.name for each in locks} == ENCRYPTED
    for lock in locks:
        assert lock.inputs["rule"]["defaultRetention"] == {"mode": "GOVERNANCE", "days": 90}
        assert f"aws:s3/bucketVersioning:BucketVersioning::{lock.name}" in lock.depends_on
    for bucket in recorder.of(BUCKET):
        assert "objectLockEnabled" not in bucket.inputs, "it would be asked before the bucket has versions"
    for each in recorder.registrations:
        if each.type.startswith("aws:"):
            assert each.protect, each
            assert each.retain_on_delete, each


def test_a_throw_away_environment_empties_its_buckets_and_protects_nothing() -> None:
    recorder = build(
        protect=False,
        retention_days=7,
        infrequent_access_after_days=None,
        versioned=False,
        object_lock_days=None,
        on_destroy="empty",
    )
    for bucket in recorder.of(BUCKET):
        assert bucket.inputs["forceDestroy"] is True
        assert not bucket.protect
        assert not bucket.retain_on_delete
    assert recorder.of(LOCK) == []


@pytest.mark.parametrize(("after", "transitions"), [(30, [{"days": 30, "storageClass": "STANDARD_IA"}]), (None, [])])
def test_the_lifecycle_moves_expires_and_cleans_up(after: int | None, transitions: list[dict[str, Any]]) -> None:
    recorder = build(retention_days=90, infrequent_access_after_days=after, object_lock_days=None)
    expire, incomplete = recorder.named(COMPANIONS[4], "spark-logs").inputs["rules"]
    assert expire["expiration"] == {"days": 90}
    assert expire["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert expire.get("transitions", []) == transitions
    assert incomplete["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


@pytest.mark.parametrize("after", [30, None])
def test_every_event_log_expires_and_the_marks_of_directories_alone_stay(after: int | None) -> None:
    """A mark that expired would take its directory along, and Spark refuses to write into one that is not there."""
    recorder = build(retention_days=90, infrequent_access_after_days=after, object_lock_days=None)
    rules = {each["id"]: each for each in recorder.named(COMPANIONS[4], "spark-events").inputs["rules"]}

    def expires(size: int) -> bool:
        return any(
            size > each["filter"].get("objectSizeGreaterThan", -1)
            and size < each["filter"].get("objectSizeLessThan", 1 << 50)
            for each in rules.values()
            if each.get("expiration") == {"days": 90}
        )

    assert [size for size in (0, 1, 2, 700, 1 << 34) if not expires(size)] == [len(MARK_CONTENT.encode())]
    # Moving and replaced versions have no size, with which Amazon S3 would move objects below 128 KiB too.
    assert rules["logs"]["filter"] == {"prefix": ""}
    assert [each["id"] for each in rules.values() if each.get("transitions")] == (["logs"] if after else [])
    assert rules["logs"]["noncurrentVersionExpiration"] == {"noncurrentDays": 30}
    assert rules["incomplete-uploads"]["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


def test_the_longest_bucket_name_fits_amazon_s3() -> None:
    longest = max(len(bucket_name(purpose, Account("production", ACCOUNT_ID, "ap-southeast-2"))) for purpose in ALL)
    assert longest <= 63


def test_the_key_serves_amazon_s3_for_this_account_only() -> None:
    statements = json.loads(build().only("aws:kms/key:Key").inputs["policy"])["Statement"]
    use = next(each for each in statements if "kms:Decrypt" in each["Action"])
    assert use["Condition"] == {
        "StringEquals": {"kms:CallerAccount": ACCOUNT_ID, "kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    }
    administration = next(each for each in statements if "kms:Put*" in each["Action"])
    for action in ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"):
        assert not any(fnmatch(action, granted) for granted in administration["Action"]), action
