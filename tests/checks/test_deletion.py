"""What AWS refuses to delete beside wrong orders, which are rows of `tests/checks/mistakes_deletion.py`."""

from dataclasses import replace
from pathlib import Path

import pytest

from offline.checks.deletion.refusals import reasons_against
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from tests.checks.mistakes_deletion import CLUSTER, find
from tests.offline.sample import sample_in


def test_a_cluster_with_deletion_protection_is_kept(standing: tuple[Resource, ...]) -> None:
    cluster = find(standing, *CLUSTER)
    protected = replace(cluster, inputs=cluster.inputs | {"deletionProtection": True})
    assert "deletionProtection is true" in next(iter(reasons_against(protected, Inventory())))


def test_a_bucket_with_objects_is_kept_unless_it_may_be_emptied(standing: tuple[Resource, ...]) -> None:
    bucket = find(standing, "aws:s3/bucket:Bucket", "spark-logs")
    filled = Inventory(buckets_are_filled=True)
    kept = replace(bucket, inputs=bucket.inputs | {"forceDestroy": False})
    assert "BucketNotEmpty" in next(iter(reasons_against(kept, filled)))
    emptied = replace(bucket, inputs=bucket.inputs | {"forceDestroy": True})
    assert list(reasons_against(emptied, filled)) == []
    assert list(reasons_against(kept, Inventory())) == []


BUCKET = """
bucket = aws.s3.Bucket("logs", bucket="moka-logs", force_destroy={force_destroy}, opts=on_aws)
"""


def test_a_destroy_of_filled_buckets_is_refused_unless_they_may_be_emptied(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "project", BUCKET.format(force_destroy=False))
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    with pytest.raises(OfflineError, match=r"BucketNotEmpty.*Empty the bucket") as refused:
        engine.destroy("dev", buckets_are_filled=True)
    assert str(refused.value).count("aws:s3/bucket:Bucket logs") == 1, "the resource is named once"
    sample.program(BUCKET.format(force_destroy=True))
    engine.up("dev")
    assert engine.destroy("dev", buckets_are_filled=True).resources == {}


def test_an_object_that_does_not_wait_for_its_bucket_is_in_the_way_of_its_deletion(tmp_path: Path) -> None:
    objects = 'aws.s3.BucketObjectv2("notes", bucket={bucket}, key="notes.txt", content="kept", opts=on_aws)'
    sample = sample_in(tmp_path / "project", BUCKET.format(force_destroy=False) + objects.format(bucket="'moka-logs'"))
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    sample.program(objects.format(bucket="'moka-logs'"))
    with pytest.raises(OfflineError, match=r"(?s)BucketObjectv2 notes uses it: Amazon S3 answers BucketNotEmpty"):
        engine.up("dev")
    sample.program(BUCKET.format(force_destroy=False) + objects.format(bucket="bucket.bucket"))
    engine.up("dev")
    assert engine.destroy("dev").resources == {}


def test_a_log_group_is_found_by_the_arn_of_its_streams(standing: tuple[Resource, ...]) -> None:
    group = find(standing, "aws:cloudwatch/logGroup:LogGroup", "network-flow-logs")
    urn = "urn:pulumi:test::moka::aws:amp/workspace:Workspace::metrics"
    inputs = {"loggingConfiguration": {"logGroupArn": f"{group.outputs['arn']}:*"}}
    workspace = Resource(urn=urn, identifier="ws-1", inputs=inputs)
    assert "Workspace metrics uses it" in next(iter(reasons_against(group, Inventory([workspace]))))


def test_a_role_that_detaches_its_policies_itself_is_deleted(standing: tuple[Resource, ...]) -> None:
    role = find(standing, "aws:iam/role:Role", "fluent-bit-pod")
    assert list(reasons_against(role, Inventory(standing)))
    forced = replace(role, inputs=role.inputs | {"forceDetachPolicies": True})
    assert list(reasons_against(forced, Inventory(standing))) == []


def test_a_destroy_ends_at_the_refusal_and_says_what_to_do(tmp_path: Path) -> None:
    sample = sample_in(
        tmp_path / "project",
        """
        aws.eks.Cluster(
            "cluster", name="moka", role_arn="arn:aws:iam::123456789012:role/cluster", deletion_protection=True,
            vpc_config={"subnet_ids": ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]}, opts=on_aws,
        )
        """,
    )
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    with pytest.raises(OfflineError, match="Set it to false and update the stack first"):
        engine.destroy("dev")
    assert len(engine.export("dev")["resources"]) > 1
