"""The lifecycle of a log bucket's objects: when they move, when they expire, and what is cleaned up.

Source: Amazon S3 user guide, "Managing the lifecycle of objects".
"""

import pulumi_aws as aws

from components.buckets.settings import LogBucketsSettings

# Nothing here uploads for a week; parts that are older belong to an upload that died.
INCOMPLETE_UPLOAD_DAYS = 7


def lifecycle_rules(settings: LogBucketsSettings) -> list[aws.s3.BucketLifecycleConfigurationRuleArgs]:
    """Rules for every object of a bucket: transition, expiry, replaced versions, incomplete uploads."""
    transition = settings.infrequent_access_after_days
    expire = aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="logs",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=settings.retention_days),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=settings.noncurrent_retention_days
        ),
        transitions=[]
        if transition is None
        else [
            aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(days=transition, storage_class="STANDARD_IA"),
        ],
    )
    incomplete = aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="incomplete-uploads",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
        ),
    )
    return [expire, incomplete]
