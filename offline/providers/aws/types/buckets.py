"""S3 buckets and the resources that each hold one part of a bucket's configuration."""

from collections.abc import Mapping
from typing import Any

from offline.providers.aws.row import AwsType, call

_BUCKET = "AWS::S3::Bucket"
_EXPIRING = {
    "rules.filter": "",
    "rules.filter.and": "",
    "rules.filter.and.tags": "TagFilters",
    "rules.filter.tag": "TagFilters[0]",
    "rules.expiration": "",
    "rules.expiration.days": "ExpirationInDays",
    "rules.expiration.date": "ExpirationDate",
    "rules.transitions.days": "TransitionInDays",
    "rules.transitions.date": "TransitionDate",
    "rules.noncurrentVersionTransitions.noncurrentDays": "TransitionInDays",
}
_OBJECT = {"content": "Body", "contentBase64": "Body", "kmsKeyId": "SSEKMSKeyId"}
_LOCKED = {"ObjectLockEnabled": True, "ObjectLockConfiguration.ObjectLockEnabled": "Enabled"}


def _part(
    operation: str,
    to_cloudformation: Mapping[str, str],
    to_call: Mapping[str, str],
    implied: Mapping[str, Any] | None = None,
    call_implied: Mapping[str, Any] | None = None,
) -> AwsType:
    return AwsType(
        part_of=_BUCKET,
        calls=(call("s3", operation, to_call, implied={"bucket": call_implied or {}}),),
        identifier="{bucket}",
        renamed={"bucket": "BucketName", **to_cloudformation},
        implied={"bucket": implied or {}},
        replaces=frozenset({"bucket", "expectedBucketOwner"}),
    )


TYPES: dict[str, AwsType] = {
    "aws:s3/bucket:Bucket": AwsType(
        cloudformation=_BUCKET,
        calls=(call("s3", "CreateBucket", {"objectLockEnabled": "ObjectLockEnabledForBucket"}),),
        identifier="{name}",
        arn="arn:{partition}:s3:::{name}",
        name="bucket",
        name_limit=63,
        outputs={
            "bucketDomainName": "{name}.s3.{suffix}",
            "bucketRegionalDomainName": "{name}.s3.{region}.{suffix}",
            "bucketRegion": "{region}",
            "hostedZoneId": "Z{letters:13}",
        },
        renamed={"bucket": "BucketName"},
    ),
    # CloudFormation has no objects.
    "aws:s3/bucketObjectv2:BucketObjectv2": AwsType(
        calls=(call("s3", "PutObject", _OBJECT, ignored=frozenset({"tags"})),),
        provider_only=frozenset({"forceDestroy", "overrideProvider", "source", "sourceHash", "etag"}),
        identifier="{bucket}/{key}",
        arn="arn:{partition}:s3:::{bucket}/{key}",
        replaces=frozenset({"bucket", "key"}),
        taggable=True,
    ),
    "aws:s3/bucketPolicy:BucketPolicy": AwsType(
        cloudformation="AWS::S3::BucketPolicy",
        calls=(call("s3", "PutBucketPolicy"),),
        identifier="{bucket}",
        renamed={"policy": "PolicyDocument"},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _part(
        "PutPublicAccessBlock",
        {
            name: f"PublicAccessBlockConfiguration.{name[0].upper()}{name[1:]}"
            for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        },
        {
            name: f"PublicAccessBlockConfiguration.{name[0].upper()}{name[1:]}"
            for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        },
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _part(
        "PutBucketOwnershipControls", {"rule": "OwnershipControls.Rules[0]"}, {"rule": "OwnershipControls.Rules[0]"}
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _part(
        "PutBucketEncryption",
        {
            "rules": "BucketEncryption.ServerSideEncryptionConfiguration",
            "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
        },
        {"rules": "ServerSideEncryptionConfiguration.Rules"},
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _part("PutBucketVersioning", {}, {"mfa": "MFA"}),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _part(
        "PutBucketLifecycleConfiguration",
        {"rules": "LifecycleConfiguration.Rules", **_EXPIRING},
        {"rules": "LifecycleConfiguration.Rules"},
    ),
    "aws:s3/bucketLogging:BucketLogging": _part(
        "PutBucketLogging",
        {
            "targetBucket": "LoggingConfiguration.DestinationBucketName",
            "targetPrefix": "LoggingConfiguration.LogFilePrefix",
            "targetObjectKeyFormat": "LoggingConfiguration.TargetObjectKeyFormat",
        },
        {
            name: f"BucketLoggingStatus.LoggingEnabled.{name[0].upper()}{name[1:]}"
            for name in ("targetBucket", "targetPrefix", "targetObjectKeyFormat", "targetGrants")
        },
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _part(
        "PutObjectLockConfiguration",
        {
            "objectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled",
            "rule": "ObjectLockConfiguration.Rule",
        },
        {
            "objectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled",
            "rule": "ObjectLockConfiguration.Rule",
        },
        _LOCKED,
        {"ObjectLockConfiguration.ObjectLockEnabled": "Enabled"},
    ),
}
