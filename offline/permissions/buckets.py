"""Calls of buckets, of what belongs to one, and of objects that the program itself puts.

Each part of a bucket is a resource of its own here, while CloudFormation has one for all of them.

Source: hashicorp/terraform-provider-aws, internal/service/s3; actions of its API calls by the Service Authorization
Reference, "Actions, resources, and condition keys for Amazon S3".
"""

from offline.permissions.calls import Calls, of

_ON = ("arn:{partition}:s3:::{bucket}",)
_VIA_S3 = {"kms:ViaService": "s3.{region}.amazonaws.com"}


def _s3(names: str) -> tuple[str, ...]:
    return of("s3", names)


def _part(what: str, *, deletes: str = "") -> Calls:
    """A part that is put and got under one name, and taken away under the same right unless there is another."""
    return Calls(
        create=_s3(f"Put{what}"),
        read=_s3(f"Get{what}"),
        update=_s3(f"Put{what}"),
        delete=_s3(deletes or f"Put{what}"),
        on=_ON,
    )


CALLS: dict[str, Calls] = {
    "aws:s3/bucket:Bucket": Calls(
        create=_s3("CreateBucket PutBucketTagging TagResource"),
        # internal/service/s3/bucket.go: every old argument that is a resource of its own now is still an output.
        read=_s3(
            "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLogging GetBucketObjectLockConfiguration "
            "GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite "
            "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket "
            "ListTagsForResource"
        ),
        update=_s3("PutBucketTagging TagResource UntagResource"),
        delete=_s3("DeleteBucket"),
        # internal/service/s3/delete.go, EmptyBucket.
        delete_when={
            "forceDestroy": _s3("BypassGovernanceRetention DeleteObject DeleteObjectVersion ListBucketVersions")
        },
        on=("arn:{partition}:s3:::{bucket}/*",),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _part("BucketPolicy", deletes="DeleteBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _part("BucketPublicAccessBlock"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _part("BucketOwnershipControls"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _part(
        "EncryptionConfiguration"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _part("BucketVersioning"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _part("LifecycleConfiguration"),
    "aws:s3/bucketLogging:BucketLogging": _part("BucketLogging"),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _part("BucketObjectLockConfiguration"),
    "aws:s3/bucketObjectv2:BucketObjectv2": Calls(
        create=(*_s3("PutObject PutObjectTagging"), "kms:GenerateDataKey"),
        # HEAD is allowed by s3:GetObject; its checksum is told to whoever may decrypt.
        read=(*_s3("GetObject GetObjectTagging"), "kms:Decrypt"),
        update=(*_s3("PutObject PutObjectTagging"), "kms:GenerateDataKey"),
        delete=_s3("DeleteObject"),
        on=("arn:{partition}:s3:::{bucket}/{key}", "arn:{partition}:kms:{region}:{account}:key/*"),
        context={"kms:Decrypt": _VIA_S3, "kms:GenerateDataKey": _VIA_S3},
    ),
}
