"""One S3 bucket for logs with everything that makes it complete."""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.buckets.lifecycle import lifecycle_rules
from components.buckets.settings import LogBucketsSettings
from components.identity.policies import Document


class LogBucket(pulumi.ComponentResource):
    """A bucket that is private, owner-enforced, encrypted, versioned, expiring, access-logged and, where set, locked.

    Option `protect` of the component reaches the bucket and all that belongs to it, and what is kept on destroy is
    kept whole, so that no bucket is ever left without its policy and its lifecycle. Nothing of a bucket is deleted
    before it: deleting the bucket takes its configuration along, and one that could not be deleted stands as it was.

    Args:
        name: logical name, such as spark-logs.
        settings: lifecycle and lock.
        account: where it lives; the physical name is `bucket_name(name, account)`.
        policy: the bucket policy document.
        key_arn: the customer key of its objects, or None for Amazon S3's own.
        has_bucket_key: whether one data key serves many objects, which AWS KMS then sees as use for the bucket.
        access_log_bucket: name of the bucket that receives its access logs, or None.
        spared_bytes: size of objects that never expire, or None.

    Outputs:
        bucket_name: physical name; it resolves once the bucket can be written to.

    Source: Amazon S3 user guide, "Security best practices for Amazon S3".
    """

    bucket_name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogBucketsSettings,
        account: Account,
        *,
        policy: pulumi.Input[Document],
        key_arn: pulumi.Input[str] | None = None,
        has_bucket_key: bool = True,
        access_log_bucket: pulumi.Input[str] | None = None,
        spared_bytes: int | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogBucket", name, None, opts)
        kept = settings.on_destroy == "keep"
        bucket = aws.s3.Bucket(
            name,
            bucket=bucket_name(name, account),
            force_destroy=settings.on_destroy == "empty",
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=kept),
        )
        self._child = pulumi.ResourceOptions(parent=self, retain_on_delete=kept, deleted_with=bucket)
        versioning = self._keep_versions(name, bucket, settings)
        self._close(name, bucket, policy)
        self._encrypt(name, bucket, key_arn, has_bucket_key=has_bucket_key)
        self._expire(name, bucket, lifecycle_rules(settings, spared_bytes), versioning)
        # Amazon S3 takes no default lock on a bucket that receives access logs, nor a customer key.
        if settings.object_lock_days is not None and key_arn is not None:
            self._lock(name, bucket, settings, versioning)
        if access_log_bucket is not None:
            self._log_access(name, bucket, access_log_bucket)
        self.bucket_name = bucket.bucket
        self.register_outputs({"bucket_name": self.bucket_name})

    def _after(self, resources: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=resources))

    def _close(self, name: str, bucket: aws.s3.Bucket, policy: pulumi.Input[Document]) -> None:
        block = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        ownership = aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child,
        )
        aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=pulumi.Output.from_input(policy).apply(json.dumps),
            # Amazon S3 answers 409 OperationAborted to two conflicting changes of one bucket's access at a time.
            opts=self._after([block, ownership]),
        )

    def _encrypt(
        self, name: str, bucket: aws.s3.Bucket, key_arn: pulumi.Input[str] | None, *, has_bucket_key: bool
    ) -> None:
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256" if key_arn is None else "aws:kms", kms_master_key_id=key_arn
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default,
                    bucket_key_enabled=key_arn is not None and has_bucket_key,
                )
            ],
            opts=self._child,
        )

    def _keep_versions(self, name: str, bucket: aws.s3.Bucket, settings: LogBucketsSettings) -> aws.s3.BucketVersioning:
        return aws.s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(
                # A bucket that was versioned once can only be suspended; a new one has never been.
                status="Enabled" if settings.versioned else "Suspended"
            ),
            opts=self._child,
        )

    def _expire(
        self,
        name: str,
        bucket: aws.s3.Bucket,
        rules: list[aws.s3.BucketLifecycleConfigurationRuleArgs],
        versioning: aws.s3.BucketVersioning,
    ) -> None:
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=rules,
            # Rules for replaced versions are judged against the bucket's versioning state.
            opts=self._after([versioning]),
        )

    def _lock(
        self, name: str, bucket: aws.s3.Bucket, settings: LogBucketsSettings, versioning: aws.s3.BucketVersioning
    ) -> None:
        aws.s3.BucketObjectLockConfiguration(
            name,
            bucket=bucket.bucket,
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                    mode="GOVERNANCE", days=settings.object_lock_days
                )
            ),
            # It also turns Object Lock on, which the bucket itself would have to before it has versions. Amazon S3
            # takes a lock only on a bucket whose versioning is enabled, at any time; there is no way back.
            opts=self._after([versioning]),
        )

    def _log_access(self, name: str, bucket: aws.s3.Bucket, target: pulumi.Input[str]) -> None:
        aws.s3.BucketLogging(
            name, bucket=bucket.bucket, target_bucket=target, target_prefix=f"{name}/", opts=self._child
        )


def kept_options(parent: pulumi.Resource, settings: LogBucketsSettings, *, protect: bool) -> pulumi.ResourceOptions:
    """Options of log buckets and of their key: what a destroy does with them, and whether it is refused.

    A bucket that may not be emptied is protected anyway, so that a destroy is refused before anything is deleted, and
    not at the bucket.

    Args:
        parent: the component that makes them.
        settings: what a destroy does.
        protect: refuse to delete or replace them in any case.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        protect=protect or settings.on_destroy == "refuse",
        retain_on_delete=settings.on_destroy == "keep",
    )


def bucket_name(purpose: str, account: Account) -> str:
    """Physical name of a log bucket: readers, other tools and policies know it without asking Pulumi.

    Bucket names are unique in a partition, so the account and Region are part of it; the longest is 62 of the 63
    characters that Amazon S3 takes.
    """
    return f"moka-{account.environment}-{purpose}-{account.id}-{account.region}"
