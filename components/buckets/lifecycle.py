"""The lifecycle of a log bucket's objects: when they move, when they expire, and what is cleaned up.

Source: Amazon S3 user guide, "Managing the lifecycle of objects" and "Adding filters to Lifecycle rules".
"""

import pulumi_aws as aws

from components.buckets.settings import LogBucketsSettings

# Nothing here uploads for a week; parts that are older belong to an upload that died.
INCOMPLETE_UPLOAD_DAYS = 7

_Rule = aws.s3.BucketLifecycleConfigurationRuleArgs
_Filter = aws.s3.BucketLifecycleConfigurationRuleFilterArgs
_Expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs


def lifecycle_rules(settings: LogBucketsSettings, spared_bytes: int | None = None) -> list[_Rule]:
    """Rules for every object of a bucket: transition, expiry, replaced versions, incomplete uploads.

    Args:
        settings: when objects move and expire.
        spared_bytes: size of objects that do not expire, whatever their keys; None where every object does. A rule
            can't leave out a prefix or a tag, but rules can leave out a size.
    """
    expire = _Expiration(days=settings.retention_days)
    incomplete = _Rule(
        id="incomplete-uploads",
        status="Enabled",
        filter=_Filter(prefix=""),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=INCOMPLETE_UPLOAD_DAYS
        ),
    )
    if spared_bytes is None:
        return [_logs(settings, expire), incomplete]
    sizes = {
        "larger-objects": _Filter(object_size_greater_than=spared_bytes),
        "smaller-objects": _Filter(object_size_less_than=spared_bytes),
    }
    return [
        # Moves have no size: with one, Amazon S3 would move objects below 128 KiB too, which costs more than it saves.
        _logs(settings, _Expiration(expired_object_delete_marker=True)),
        *(_Rule(id=name, status="Enabled", filter=each, expiration=expire) for name, each in sizes.items()),
        incomplete,
    ]


def _logs(settings: LogBucketsSettings, expiration: _Expiration) -> _Rule:
    transition = settings.infrequent_access_after_days
    return _Rule(
        id="logs",
        status="Enabled",
        filter=_Filter(prefix=""),
        expiration=expiration,
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=settings.noncurrent_retention_days
        ),
        transitions=[]
        if transition is None
        else [
            aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(days=transition, storage_class="STANDARD_IA"),
        ],
    )
