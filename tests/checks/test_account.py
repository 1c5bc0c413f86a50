"""What stands in an account, or once stood there, is in the way of a change: on the real engine, run after run."""

from pathlib import Path

import pytest

from offline.aws_command import AwsCommandError
from offline.checks.account.refusals import error_of_taken_names
from offline.checks.ledger import RefusedError
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.offline.sample import Sample, sample_in

GROUP = 'aws.cloudwatch.LogGroup("logs", name="{name}", retention_in_days=7, opts=on_aws)'
CONTROL_PLANE = "/aws/eks/moka/cluster"
DELETE = ("logs", "delete-log-group", "--log-group-name", CONTROL_PLANE)
BUCKET = """
bucket = aws.s3.Bucket("logs", bucket="moka-logs", opts={options})
"""
VERSIONING = """
versioning = aws.s3.BucketVersioning(
    "logs", bucket=bucket.bucket, versioning_configuration={{"status": "{status}"}}, opts=on_aws
)
"""
LOCK = """
aws.s3.BucketObjectLockConfiguration(
    "logs", bucket=bucket.bucket, rule={{"default_retention": {{"mode": "GOVERNANCE", "days": 1}}}},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[{after}]),
)
"""
PLAIN = BUCKET.format(options="on_aws")
VERSIONED = PLAIN + VERSIONING.format(status="Enabled")
SUSPENDED = PLAIN + VERSIONING.format(status="Suspended")
LOCKED = VERSIONED + LOCK.format(after="versioning")


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return sample_in(tmp_path / "project")


@pytest.fixture
def engine(sample: Sample, tmp_path: Path) -> OfflineEngine:
    return OfflineEngine(sample.root, tmp_path / "home")


def test_a_log_group_that_eks_made_again_is_in_the_way_of_the_next_up_until_it_is_deleted(
    sample: Sample, engine: OfflineEngine
) -> None:
    sample.program(GROUP.format(name=CONTROL_PLANE))
    engine.up("dev")
    with pytest.raises(AwsCommandError, match="belongs to the stack"):
        engine.aws("dev", DELETE)
    assert engine.destroy("dev").resources == {}
    assert [each.identifier for each in engine.left_over("dev")] == [CONTROL_PLANE]
    with pytest.raises(OfflineError, match="ResourceAlreadyExistsException") as refused:
        engine.up("dev")
    assert f"aws {' '.join(DELETE)}" in str(refused.value)
    assert engine.aws("dev", DELETE) == f"{CONTROL_PLANE} is deleted"
    assert engine.up("dev").resources == {"aws": 1}
    assert engine.left_over("dev") == ()


def test_a_log_group_of_nobodys_is_gone_for_good(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(GROUP.format(name="/moka/flow-logs"))
    engine.up("dev")
    engine.destroy("dev")
    assert engine.left_over("dev") == ()
    assert engine.up("dev").resources == {"aws": 1}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (DELETE, "ResourceNotFoundException"),
        (("logs", "delete-log-group"), "--log-group-name"),
        (("s3", "rb", "s3://moka-logs"), "knows no such command"),
        (("eks", "update-cluster-version", "--name", "none", "--kubernetes-version", "1.36"), "ResourceNotFound"),
    ],
)
def test_a_wrong_command_is_answered(engine: OfflineEngine, words: tuple[str, ...], answer: str) -> None:
    with pytest.raises(AwsCommandError, match=answer):
        engine.aws("dev", words)


def test_what_a_destroy_keeps_has_its_name_until_it_is_brought_back(sample: Sample, engine: OfflineEngine) -> None:
    sample.program(BUCKET.format(options="pulumi.ResourceOptions(provider=provider, retain_on_delete=True)"))
    engine.up("dev")
    assert engine.destroy("dev").resources == {}
    with pytest.raises(OfflineError, match=r"(?s)moka-logs.*BucketAlreadyOwnedByYou.*pulumi import"):
        engine.up("dev")


def test_a_name_is_free_only_once_its_old_owner_is_gone(sample: Sample, engine: OfflineEngine) -> None:
    group = GROUP.format(name="/moka/a")
    sample.program(group)
    engine.up("dev")
    sample.program(group.replace("logs", "renamed"))
    with pytest.raises(OfflineError, match=r"LogGroup logs still has the name.*ResourceAlreadyExistsException"):
        engine.up("dev")


def test_a_lock_waits_for_the_versions_that_it_locks(sample: Sample, engine: OfflineEngine) -> None:
    # Side by side they may come in either order, in a rehearsal as well; so the versioning waits here.
    sample.program(
        PLAIN
        + LOCK.format(after="bucket").replace("aws.s3.BucketObject", "lock = aws.s3.BucketObject")
        + VERSIONING.format(status="Enabled").replace(
            "opts=on_aws", "opts=pulumi.ResourceOptions(provider=provider, depends_on=[lock])"
        )
    )
    with pytest.raises(OfflineError, match="InvalidBucketState"):
        engine.up("dev")
    sample.program(LOCKED)
    assert engine.up("dev").resources == {"aws": 3}


def test_a_lock_comes_later_in_place_and_its_way_back_ends_at_the_versions(
    sample: Sample, engine: OfflineEngine
) -> None:
    sample.program(SUSPENDED)
    engine.up("dev")
    sample.program(LOCKED)
    later = engine.up("dev")
    assert {(each.operation, each.replaces) for each in later.changed} == {("create", ()), ("update", ())}
    sample.program(SUSPENDED)
    with pytest.raises(RefusedError, match=r"must stay Enabled, because Object Lock was turned on"):
        engine.preview("dev")
    sample.program(VERSIONED)
    assert [each.operation for each in engine.up("dev").changed] == ["delete"]
    sample.program(SUSPENDED)
    with pytest.raises(RefusedError, match="must stay Enabled"):
        engine.preview("dev")
    # Another bucket under the name has no past.
    sample.program("")
    engine.up("dev")
    sample.program(SUSPENDED)
    assert engine.up("dev").resources == {"aws": 2}


def test_the_error_of_a_taken_name_comes_from_the_api() -> None:
    assert error_of_taken_names("aws:s3/bucket:Bucket") == "BucketAlreadyOwnedByYou"
    assert error_of_taken_names("aws:kms/alias:Alias") == "AlreadyExistsException"
    assert error_of_taken_names("aws:iam/role:Role") == "EntityAlreadyExistsException"
    assert error_of_taken_names("aws:kms/key:Key") == "", "a key has no name"
    assert error_of_taken_names("aws:s3/bucketPolicy:BucketPolicy") == "", "a second call overwrites the first"
