"""What AWS refuses to delete beside wrong orders, which are rows of `tests/checks/mistakes_deletion.py`."""

from dataclasses import replace
from pathlib import Path

import pytest

from offline.checks.deletion.refusals import reasons_against
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.providers.aws.inventory import Inventory
from offline.providers.kubernetes.volumes import Volumes
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
    with pytest.raises(OfflineError, match=r"BucketNotEmpty.*Set force_destroy") as refused:
        engine.destroy("dev", buckets_are_filled=True)
    assert str(refused.value).count("aws:s3/bucket:Bucket logs") == 1, "the resource is named once"
    sample.program(BUCKET.format(force_destroy=True))
    engine.up("dev")
    assert engine.destroy("dev", buckets_are_filled=True).resources == {}


FILLED = """
bucket = aws.s3.Bucket("logs", bucket="moka-logs", force_destroy=True, opts=on_aws)
"""
POLICY = """
import json
aws.s3.BucketPolicy("logs", bucket=bucket.bucket, policy=json.dumps({document}), opts={options})
"""
WITH_BUCKET = "pulumi.ResourceOptions(provider=provider, deleted_with=bucket)"
DEPLOYER = {"ArnNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/deploy"]}}


def denial(action: str, **more: object) -> dict[str, object]:
    """A bucket policy that denies one action on objects to everybody, but for a condition."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "arn:aws:s3:::moka-logs/*"}
    return {"Version": "2012-10-17", "Statement": [{"Sid": "Denial", **statement, **more}]}


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion"])
def test_a_bucket_whose_policy_lets_nobody_delete_is_not_emptied(tmp_path: Path, action: str) -> None:
    sample = sample_in(tmp_path / "project", FILLED + POLICY.format(document=denial(action), options=WITH_BUCKET))
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    with pytest.raises(OfflineError, match=rf"policy denies {action} to everybody.*AccessDenied.*Exempt the role"):
        engine.destroy("dev", buckets_are_filled=True)
    exempt = POLICY.format(document=denial(action, Condition=DEPLOYER), options=WITH_BUCKET)
    sample.program(FILLED + exempt)
    engine.up("dev")
    assert engine.destroy("dev", buckets_are_filled=True).resources == {}


def test_a_bucket_that_locks_is_emptied_only_by_who_may_lift_the_lock(tmp_path: Path) -> None:
    parts = """
versions = aws.s3.BucketVersioning(
    "logs", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=WITH_BUCKET
)
aws.s3.BucketObjectLockConfiguration("logs", bucket=bucket.bucket, opts=pulumi.ResourceOptions.merge(
    WITH_BUCKET, pulumi.ResourceOptions(depends_on=[versions])
))
""".replace("WITH_BUCKET", WITH_BUCKET)
    policy = POLICY.format(document=denial("s3:BypassGovernanceRetention"), options=WITH_BUCKET)
    sample = sample_in(tmp_path / "project", FILLED + policy)
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    assert engine.destroy("dev", buckets_are_filled=True).resources == {}
    sample.program(FILLED + parts + policy)
    engine.up("dev")
    with pytest.raises(OfflineError, match="policy denies s3:BypassGovernanceRetention to everybody"):
        engine.destroy("dev", buckets_are_filled=True)


def test_a_part_of_a_bucket_is_not_deleted_before_its_objects(tmp_path: Path) -> None:
    document = denial("s3:PutObject")
    sample = sample_in(tmp_path / "project", FILLED + POLICY.format(document=document, options="on_aws"))
    engine = OfflineEngine(sample.root, tmp_path / "home")
    engine.up("dev")
    with pytest.raises(OfflineError, match=r"BucketPolicy logs.*part of bucket logs.*Set deleted_with to the bucket"):
        engine.destroy("dev", buckets_are_filled=True)
    sample.program(FILLED)
    assert [each.operation for each in engine.up("dev").changed] == ["delete"], "an update may take a part away"


def claimed_by(name: str) -> Volumes:
    """The volume of a claim that names a VolumeAttributesClass, or none."""
    spec = {"storageClassName": "gp3", "volumeAttributesClassName": name} if name else {"storageClassName": "gp3"}
    urn = "urn:pulumi:test::moka::kubernetes:core/v1:PersistentVolumeClaim::data"
    claim = Resource(urn=urn, inputs={"metadata": {"namespace": "monitoring", "name": "data"}, "spec": spec})
    volumes = Volumes()
    volumes.put(claim)
    volumes.remove(claim)
    return volumes


VOLUME_CLASS = Resource(
    urn="urn:pulumi:test::moka::kubernetes:storage.k8s.io/v1:VolumeAttributesClass::gp3",
    inputs={"metadata": {"name": "gp3"}},
)


@pytest.mark.parametrize(("name", "stands"), [("gp3", False), ("", True), ("other", True)])
def test_the_driver_of_volumes_outlives_the_last_of_them(
    standing: tuple[Resource, ...], name: str, stands: bool
) -> None:
    driver = find(standing, "aws:eks/addon:Addon", "addons-aws-ebs-csi-driver")
    volumes = claimed_by(name)
    reasons = list(reasons_against(driver, Inventory(volumes=volumes)))
    assert [each for each in reasons if "the volume whose claim is gone, monitoring/data" in each], reasons
    assert volumes.reason_against(VOLUME_CLASS) == ""
    volumes.remove(VOLUME_CLASS)
    assert bool(list(reasons_against(driver, Inventory(volumes=volumes)))) is stands


VOLUMES = """
driver = aws.eks.Addon("driver", cluster_name="moka", addon_name="aws-ebs-csi-driver", opts=on_aws)
on_driver = pulumi.ResourceOptions(provider=cluster, depends_on=[driver])
kind = kubernetes.storage.v1.VolumeAttributesClass(
    "gp3", metadata={{"name": "gp3"}}, driver_name="ebs.csi.aws.com", parameters={{"type": "gp3"}}, opts=on_driver
)
kubernetes.storage.v1.StorageClass(
    "gp3", metadata={{"name": "gp3"}}, provisioner="ebs.csi.aws.com", opts=on_driver
)
kubernetes.core.v1.PersistentVolumeClaim(
    "data",
    metadata={{"name": "data"}},
    spec={{
        "accessModes": ["ReadWriteOnce"], "storageClassName": "gp3",
        "resources": {{"requests": {{"storage": "1Gi"}}}}, {names}
    }},
    opts=pulumi.ResourceOptions(provider=cluster, depends_on=[{after}]),
)
"""
NAMED = '"volumeAttributesClassName": "gp3",'


@pytest.mark.parametrize(
    ("names", "after", "refusal"),
    [
        (NAMED, "kind", ""),
        ("", "driver", r"cannot be deleted before the volume whose claim is gone, default/data"),
        ("", "kind", r"cannot be deleted before the volume whose claim is gone, default/data"),
    ],
    ids=["right", "no class", "no name"],
)
def test_a_destroy_waits_for_the_volumes_of_its_claims(tmp_path: Path, names: str, after: str, refusal: str) -> None:
    sample = sample_in(tmp_path / "project", VOLUMES.format(names=names, after=after))
    engine = OfflineEngine(sample.root, tmp_path / "home", judges=lambda: ())
    engine.up("dev")
    if not refusal:
        assert engine.destroy("dev").resources == {}
        return
    with pytest.raises(OfflineError, match=refusal):
        engine.destroy("dev")


def test_the_class_of_volumes_outlives_the_claims_that_name_it(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "project", VOLUMES.format(names=NAMED, after="kind"))
    engine = OfflineEngine(sample.root, tmp_path / "home", judges=lambda: ())
    engine.up("dev")
    claim_alone = VOLUMES.format(names=NAMED, after="")
    start, end = claim_alone.index("driver ="), claim_alone.index("kubernetes.core")
    sample.program(claim_alone[:start] + claim_alone[end:])
    with pytest.raises(OfflineError, match="cannot be deleted: Kubernetes keeps it while claims name it: default/data"):
        engine.up("dev")


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
