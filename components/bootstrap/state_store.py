"""Where Pulumi's state lies, and the key of the secrets in it."""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.bootstrap.names import KEY_ALIAS, state_bucket_name
from components.bootstrap.settings import StateSettings
from components.bootstrap.state_policies import state_bucket_policy, state_key_policy
from components.buckets.lifecycle import INCOMPLETE_UPLOAD_DAYS
from components.encryption import DELETION_WINDOW_DAYS

_Rule = aws.s3.BucketLifecycleConfigurationRuleArgs


class StateStore(pulumi.ComponentResource):
    """A versioned, encrypted and closed bucket for the state, and its key, which also is Pulumi's secrets provider.

    The backend keeps its locks beside the state. Whoever reads the state has to open its secrets as well, so one key
    serves both. Nothing here is deleted by the way: a destroy is refused while it is protected, and leaves bucket and
    key in the account even then.

    Args:
        name: logical name.
        settings: how long replaced versions are kept.
        account: the environment's account.
        protect: refuse to delete or replace bucket and key, and keep them on destroy.

    Outputs:
        bucket_name: physical name; it resolves once the bucket is closed.
        key_arn: ARN of the key.

    Source: Pulumi documentation, "Using a DIY backend", AWS S3, and "Secrets", AWS KMS; Amazon S3 user guide,
    "Security best practices for Amazon S3".
    """

    bucket_name: pulumi.Output[str]
    key_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: StateSettings,
        account: Account,
        *,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:StateStore", name, None, opts)
        self._name, self._account = name, account
        self._kept = pulumi.ResourceOptions(parent=self, protect=protect, retain_on_delete=protect)
        self.key_arn = self._make_key()
        bucket = aws.s3.Bucket(name, bucket=state_bucket_name(account), opts=self._kept)
        self._encrypt(bucket)
        self._keep_versions(bucket, settings)
        closed = self._close(bucket)
        self.bucket_name = pulumi.Output.all(bucket.bucket, closed.id).apply(lambda each: each[0])
        self.register_outputs({"bucket_name": self.bucket_name, "key_arn": self.key_arn})

    def _make_key(self) -> pulumi.Output[str]:
        key = aws.kms.Key(
            self._name,
            description=f"Pulumi state of Moka {self._account.environment}, and the secrets in it",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(state_key_policy(self._account)),
            opts=self._kept,
        )
        # Stack files name it before anybody can know its id.
        aws.kms.Alias(self._name, name=KEY_ALIAS, target_key_id=key.key_id, opts=self._kept)
        return key.arn

    def _encrypt(self, bucket: aws.s3.Bucket) -> None:
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms", kms_master_key_id=self.key_arn
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            self._name,
            bucket=bucket.bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default, bucket_key_enabled=True
                )
            ],
            opts=self._kept,
        )

    def _keep_versions(self, bucket: aws.s3.Bucket, settings: StateSettings) -> None:
        """Keep the current version of each file for ever, of which no rule names an age, and replaced ones for long."""
        versioning = aws.s3.BucketVersioning(
            self._name,
            bucket=bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self._kept,
        )
        whole = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
        aws.s3.BucketLifecycleConfiguration(
            self._name,
            bucket=bucket.bucket,
            rules=[
                _Rule(
                    id="replaced-versions",
                    status="Enabled",
                    filter=whole,
                    noncurrent_version_expiration=(
                        aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                            noncurrent_days=settings.replaced_days,
                            newer_noncurrent_versions=settings.replaced_versions,
                        )
                    ),
                    # What is left of locks, of which there are two versions for every run.
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
                ),
                _Rule(
                    id="incomplete-uploads",
                    status="Enabled",
                    filter=whole,
                    abort_incomplete_multipart_upload=(
                        aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
                        )
                    ),
                ),
            ],
            # Rules for replaced versions are judged against the bucket's versioning state.
            opts=self._after([versioning]),
        )

    def _close(self, bucket: aws.s3.Bucket) -> aws.s3.BucketPolicy:
        block = aws.s3.BucketPublicAccessBlock(
            self._name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._kept,
        )
        ownership = aws.s3.BucketOwnershipControls(
            self._name,
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._kept,
        )
        return aws.s3.BucketPolicy(
            self._name,
            bucket=bucket.bucket,
            policy=self.key_arn.apply(lambda arn: json.dumps(state_bucket_policy(self._account, arn))),
            # Amazon S3 answers 409 OperationAborted to two conflicting changes of one bucket's access at a time.
            opts=self._after([block, ownership]),
        )

    def _after(self, resources: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(self._kept, pulumi.ResourceOptions(depends_on=resources))
