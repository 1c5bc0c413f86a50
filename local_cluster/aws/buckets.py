"""The stack's buckets as their resources say together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from local_cluster.aws.deployment import Deployment

BUCKET = "aws:s3/bucket:Bucket"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


@dataclass(frozen=True)
class Bucket:
    """One bucket.

    Args:
        name: of the bucket.
        key_arn: the key that encrypts what says nothing else; empty for Amazon S3's own.
        uses_bucket_key: whether one data key serves many objects.
        versioning: Enabled or Suspended; empty where it was never set.
        lock_mode: of the default retention; empty where the bucket has none.
        lock_days: of the default retention.
    """

    name: str
    key_arn: str = ""
    uses_bucket_key: bool = False
    versioning: str = ""
    lock_mode: str = ""
    lock_days: int = 0


@lru_cache(maxsize=4)
def buckets_of(deployment: Deployment) -> Mapping[str, Bucket]:
    """The buckets of a deployment by name."""
    encryption, locks, versioning = (
        {each.inputs["bucket"]: each.inputs for each in deployment.of(kind)}
        for kind in (_ENCRYPTION, _LOCK, _VERSIONING)
    )
    found: dict[str, Bucket] = {}
    for each in deployment.of(BUCKET):
        name = each.identifier
        rule = (encryption.get(name, {}).get("rules") or [{}])[0]
        default = rule.get("applyServerSideEncryptionByDefault") or {}
        retention = (locks.get(name, {}).get("rule") or {}).get("defaultRetention") or {}
        found[name] = Bucket(
            name,
            key_arn=default.get("kmsMasterKeyId") or "",
            uses_bucket_key=bool(rule.get("bucketKeyEnabled")),
            versioning=_status(versioning.get(name, {})),
            lock_mode=retention.get("mode", ""),
            lock_days=int(retention.get("days") or 0),
        )
    return found


def _status(inputs: Mapping[str, Any]) -> str:
    return (inputs.get("versioningConfiguration") or {}).get("status", "")
