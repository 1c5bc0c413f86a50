"""The stack's buckets with their first objects, keys, queues, topics and log groups in moto, by the deployment.

Seeding again changes nothing. Bucket policies are not seeded: moto would judge by them too, and without their
conditions. What the stack has let go stays until the process ends, as an account would keep it.
"""

import json
import threading
from pathlib import Path
from typing import Any

from moto.kms.models import Key, kms_backends
from moto.logs.models import logs_backends
from moto.s3.models import S3Backend, s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from local_cluster.aws.buckets import Bucket, buckets_of
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.key_material import key_material
from local_cluster.aws.storage import ObjectStorage


class Seed:
    """Brings moto in step with the deployment.

    Args:
        root: directory of what must outlast the process.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seeded: Deployment | None = None
        self._lock = threading.Lock()
        self.storage: ObjectStorage | None = None

    def follow(self, deployment: Deployment) -> None:
        """Seed what is new in a deployment."""
        if deployment is self._seeded or not deployment.region:
            return
        with self._lock:
            if deployment is self._seeded:
                return
            self._seed_buckets(deployment)
            self._seed_keys(deployment)
            _seed_messages(deployment)
            _seed_log_groups(deployment)
            self._seeded = deployment

    def _seed_buckets(self, deployment: Deployment) -> None:
        backend: S3Backend = s3_backends[deployment.account_id][deployment.partition]
        if self.storage is None:
            self.storage = ObjectStorage(self._root / "s3", backend)
        for name, bucket in buckets_of(deployment).items():
            is_new = name not in backend.buckets
            if is_new:
                backend.create_bucket(name, deployment.region)
            _configure(backend.buckets[name], bucket)
            if is_new:
                self.storage.load(name)
        for each in deployment.of("aws:s3/bucketObjectv2:BucketObjectv2"):
            name, key = each.inputs["bucket"], each.inputs["key"]
            if key not in backend.buckets[name].keys:
                backend.put_object(name, key, each.inputs["content"].encode())

    def _seed_keys(self, deployment: Deployment) -> None:
        backend = kms_backends[deployment.account_id][deployment.region]
        for each in deployment.of("aws:kms/key:Key"):
            identifier = each.outputs.get("keyId", each.identifier)
            if identifier not in backend.keys:
                description = each.inputs.get("description", "")
                account, region = deployment.account_id, deployment.region
                key: Any = Key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", description, account, region)
                key.id, key.arn = identifier, each.arn
                key.key_material = key_material(self._root, identifier)
                backend.keys[identifier] = key


def _configure(found: Any, bucket: Bucket) -> None:
    found.versioning_status = bucket.versioning or None
    if bucket.key_arn:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": bucket.key_arn}
        rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket.uses_bucket_key}
        found.encryption = {"Rule": rule}
    if bucket.lock_mode:
        found.object_lock_enabled = True
        found.default_lock_mode, found.default_lock_days, found.default_lock_years = (
            bucket.lock_mode,
            bucket.lock_days,
            0,
        )


def _seed_messages(deployment: Deployment) -> None:
    topics = sns_backends[deployment.account_id][deployment.region]
    for each in deployment.of("aws:sns/topic:Topic"):
        if each.arn not in topics.topics:
            topics.create_topic(each.inputs["name"], {"KmsMasterKeyId": each.inputs.get("kmsMasterKeyId", "")})
    queues = sqs_backends[deployment.account_id][deployment.region]
    for each in deployment.of("aws:sqs/queue:Queue"):
        name = each.arn.rsplit(":", 1)[-1]
        if name not in queues.queues:
            queues.create_queue(name)


def _seed_log_groups(deployment: Deployment) -> None:
    backend = logs_backends[deployment.account_id][deployment.region]
    for each in deployment.of("aws:cloudwatch/logGroup:LogGroup"):
        name = each.inputs["name"]
        if name not in backend.groups:
            retention = each.inputs.get("retentionInDays")
            backend.create_log_group(name, {}, RetentionInDays=json.dumps(retention) if retention else None)
