"""The state bucket and its key under mocks, and who may do what with them, request by request."""

import json
from typing import Any

import pytest

from components.account import Account
from components.bootstrap.settings import StateSettings
from components.bootstrap.state_policies import read_state, state_bucket_policy, state_key_policy, write_state
from components.bootstrap.state_store import StateStore
from offline.checks.iam.evaluation import Decision, Request, decide
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
BUCKET = f"arn:aws:s3:::moka-state-{ACCOUNT_ID}-{REGION}"
STATE, LOCK = f"{BUCKET}/.pulumi/stacks/moka/dev.json", f"{BUCKET}/.pulumi/locks/organization/moka/dev/1.json"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/1"
DEPLOY, PREVIEW, WORKLOAD, PERSON = (
    f"arn:aws:iam::{ACCOUNT_ID}:role/{each}" for each in ("moka-deploy", "moka-preview", "moka-dev-some", "person")
)
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def build(*, protect: bool = True, **settings: Any) -> Recorder:
    return record(lambda: StateStore("state", StateSettings(**settings), ACCOUNT, protect=protect))


def asked(role: str, action: str, resource: str, *identity: Any, **context: str) -> Decision:
    """What AWS decides about a role that may do anything, unless policies are given."""
    is_key = resource == KEY
    policy = state_key_policy(ACCOUNT) if is_key else state_bucket_policy(ACCOUNT, KEY)
    own = identity or (EVERYTHING,)
    return decide(Request(role, action, resource, context), own, policy, owner=ACCOUNT_ID, key=is_key)


def test_the_bucket_is_versioned_encrypted_by_its_key_private_and_the_accounts_own() -> None:
    recorder = build()
    name = f"moka-state-{ACCOUNT_ID}-{REGION}"
    assert recorder.only("aws:s3/bucket:Bucket").inputs == {"bucket": name}
    versioning = recorder.only("aws:s3/bucketVersioning:BucketVersioning").inputs
    assert versioning == {"bucket": name, "versioningConfiguration": {"status": "Enabled"}}
    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    (rule,) = recorder.only(kind).inputs["rules"]
    assert rule["bucketKeyEnabled"] is True
    default = rule["applyServerSideEncryptionByDefault"]
    assert default["sseAlgorithm"] == "aws:kms"
    assert default["kmsMasterKeyId"].endswith(":key/state")
    block = recorder.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    assert [block[each] for each in sorted(block) if each != "bucket"] == [True] * 4
    ownership = recorder.only("aws:s3/bucketOwnershipControls:BucketOwnershipControls").inputs
    assert ownership["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    policy = json.loads(recorder.only("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"])
    assert policy == state_bucket_policy(ACCOUNT, recorder_key(recorder))


def recorder_key(recorder: Recorder) -> str:
    kind = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    (rule,) = recorder.only(kind).inputs["rules"]
    return rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"]


def test_the_lifecycle_never_takes_the_current_version_of_anything() -> None:
    recorder = build(replaced_days=90, replaced_versions=20)
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    configuration = recorder.only(kind)
    for rule in configuration.inputs["rules"]:
        assert rule["status"] == "Enabled"
        assert "transitions" not in rule
        assert rule.get("expiration", {"expiredObjectDeleteMarker": True}) == {"expiredObjectDeleteMarker": True}
    replaced = configuration.inputs["rules"][0]["noncurrentVersionExpiration"]
    assert replaced == {"newerNoncurrentVersions": 20, "noncurrentDays": 90}
    assert "aws:s3/bucketVersioning:BucketVersioning::state" in configuration.depends_on


@pytest.mark.parametrize("protect", [True, False])
def test_all_of_it_is_protected_and_kept_together(protect: bool) -> None:
    for each in build(protect=protect).made:
        if each.type.startswith("aws:"):
            assert (each.protect, each.retain_on_delete) == (protect, protect), each.type


def test_the_key_turns_every_year_and_stack_files_can_name_it() -> None:
    recorder = build()
    key = recorder.only("aws:kms/key:Key").inputs
    assert key["enableKeyRotation"] is True
    assert key["deletionWindowInDays"] == 30
    assert json.loads(key["policy"]) == state_key_policy(ACCOUNT)
    assert recorder.only("aws:kms/alias:Alias").inputs["name"] == "alias/moka-state"


def test_nobody_reads_it_without_tls_or_from_another_account() -> None:
    stranger = "arn:aws:iam::999999999999:role/person"
    assert asked(PERSON, "s3:GetObject", STATE) == "allowed"
    assert asked(PERSON, "s3:GetObject", STATE, **{"aws:SecureTransport": "false"}) == "denied"
    assert asked(stranger, "s3:GetObject", STATE) == "denied"
    assert asked(stranger, "kms:Decrypt", KEY) == "not allowed"


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"])
def test_roles_of_the_environment_have_nothing_to_do_with_it(action: str) -> None:
    assert asked(WORKLOAD, action, BUCKET if action == "s3:ListBucket" else STATE) == "denied"
    assert asked(WORKLOAD, "kms:Decrypt", KEY) == "denied"


def test_no_version_is_deleted_by_anybody_until_the_policy_is_taken_away() -> None:
    for role in (PERSON, DEPLOY, PREVIEW):
        assert asked(role, "s3:DeleteObjectVersion", STATE) == "denied"
    assert asked(PERSON, "s3:DeleteBucketPolicy", BUCKET) == "allowed"


def test_objects_are_encrypted_by_no_other_key() -> None:
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    assert asked(DEPLOY, "s3:PutObject", STATE, **{header: KEY}) == "allowed"
    assert asked(DEPLOY, "s3:PutObject", STATE, **{header: f"{KEY}0"}) == "denied"


@pytest.mark.parametrize("role", [DEPLOY, PREVIEW])
@pytest.mark.parametrize(
    "action", ["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutBucketVersioning", "s3:DeleteBucket"]
)
def test_pipelines_never_change_the_bucket_and_people_can(role: str, action: str) -> None:
    assert asked(role, action, BUCKET) == "denied"
    assert asked(PERSON, action, BUCKET) == "allowed"


@pytest.mark.parametrize("role", [DEPLOY, PREVIEW])
@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant"])
def test_pipelines_never_change_the_key_and_people_can(role: str, action: str) -> None:
    assert asked(role, action, KEY) == "denied"
    assert asked(PERSON, action, KEY) == "allowed"


def test_previews_write_nothing_not_even_a_lock() -> None:
    for each in (STATE, LOCK):
        assert asked(PREVIEW, "s3:PutObject", each) == "denied"
        assert asked(PREVIEW, "s3:GetObject", each, read_state(ACCOUNT, KEY)) == "allowed"
    assert "kms:GenerateDataKey" not in json.dumps(read_state(ACCOUNT, KEY))


def test_deployments_write_below_the_backends_own_prefix_alone() -> None:
    policy = write_state(ACCOUNT, KEY)
    for each in (STATE, LOCK):
        for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
            assert asked(DEPLOY, action, each, policy) == "allowed"
    assert asked(DEPLOY, "s3:PutObject", f"{BUCKET}/elsewhere", policy) == "not allowed"


def test_deployments_encrypt_through_amazon_s3_alone() -> None:
    policy, through = write_state(ACCOUNT, KEY), {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    assert asked(DEPLOY, "kms:GenerateDataKey", KEY, policy, **through) == "allowed"
    assert asked(DEPLOY, "kms:GenerateDataKey", KEY, policy) == "not allowed"
    assert asked(DEPLOY, "kms:Encrypt", KEY, policy, **through) == "not allowed"
    assert asked(DEPLOY, "kms:Decrypt", KEY, policy) == "allowed"
