"""Amazon S3's requests by method and subresource: operation of the API, and action of IAM.

Source: Amazon S3 API reference, each operation's request syntax; Service Authorization Reference, "Amazon S3".
"""

from collections.abc import Mapping

Operations = Mapping[tuple[str, str], tuple[str, str]]

OBJECT_ACTIONS: Operations = {
    ("GET", ""): ("GetObject", "s3:GetObject"),
    ("HEAD", ""): ("HeadObject", "s3:GetObject"),
    ("PUT", ""): ("PutObject", "s3:PutObject"),
    ("DELETE", ""): ("DeleteObject", "s3:DeleteObject"),
    ("POST", "uploads"): ("CreateMultipartUpload", "s3:PutObject"),
    ("PUT", "uploadId"): ("UploadPart", "s3:PutObject"),
    ("POST", "uploadId"): ("CompleteMultipartUpload", "s3:PutObject"),
    ("DELETE", "uploadId"): ("AbortMultipartUpload", "s3:AbortMultipartUpload"),
    ("GET", "uploadId"): ("ListParts", "s3:ListMultipartUploadParts"),
    ("GET", "acl"): ("GetObjectAcl", "s3:GetObjectAcl"),
    ("PUT", "acl"): ("PutObjectAcl", "s3:PutObjectAcl"),
    ("GET", "attributes"): ("GetObjectAttributes", "s3:GetObjectAttributes"),
    ("GET", "tagging"): ("GetObjectTagging", "s3:GetObjectTagging"),
    ("PUT", "tagging"): ("PutObjectTagging", "s3:PutObjectTagging"),
    ("DELETE", "tagging"): ("DeleteObjectTagging", "s3:DeleteObjectTagging"),
    ("GET", "retention"): ("GetObjectRetention", "s3:GetObjectRetention"),
    ("PUT", "retention"): ("PutObjectRetention", "s3:PutObjectRetention"),
    ("GET", "legal-hold"): ("GetObjectLegalHold", "s3:GetObjectLegalHold"),
    ("PUT", "legal-hold"): ("PutObjectLegalHold", "s3:PutObjectLegalHold"),
    ("POST", "restore"): ("RestoreObject", "s3:RestoreObject"),
    ("POST", "select"): ("SelectObjectContent", "s3:GetObject"),
}
# Subresource to the noun of the operation and of the action, which differ now and then.
_CONFIGURATIONS = {
    "accelerate": ("BucketAccelerateConfiguration", "AccelerateConfiguration"),
    "acl": ("BucketAcl", "BucketAcl"),
    "cors": ("BucketCors", "BucketCORS"),
    "encryption": ("BucketEncryption", "EncryptionConfiguration"),
    "lifecycle": ("BucketLifecycleConfiguration", "LifecycleConfiguration"),
    "logging": ("BucketLogging", "BucketLogging"),
    "notification": ("BucketNotificationConfiguration", "BucketNotification"),
    "object-lock": ("ObjectLockConfiguration", "BucketObjectLockConfiguration"),
    "ownershipControls": ("BucketOwnershipControls", "BucketOwnershipControls"),
    "policy": ("BucketPolicy", "BucketPolicy"),
    "publicAccessBlock": ("PublicAccessBlock", "BucketPublicAccessBlock"),
    "replication": ("BucketReplication", "ReplicationConfiguration"),
    "tagging": ("BucketTagging", "BucketTagging"),
    "versioning": ("BucketVersioning", "BucketVersioning"),
    "website": ("BucketWebsite", "BucketWebsite"),
}
# Taking these away is an action of its own; of the others it is the action that sets them.
_DELETED = {"policy": "s3:DeleteBucketPolicy", "website": "s3:DeleteBucketWebsite"}
BUCKET_ACTIONS: Operations = {
    ("GET", ""): ("ListObjects", "s3:ListBucket"),
    ("GET", "list-type"): ("ListObjectsV2", "s3:ListBucket"),
    ("HEAD", ""): ("HeadBucket", "s3:ListBucket"),
    ("PUT", ""): ("CreateBucket", "s3:CreateBucket"),
    ("DELETE", ""): ("DeleteBucket", "s3:DeleteBucket"),
    ("GET", "versions"): ("ListObjectVersions", "s3:ListBucketVersions"),
    ("GET", "uploads"): ("ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("GET", "location"): ("GetBucketLocation", "s3:GetBucketLocation"),
    ("GET", "policyStatus"): ("GetBucketPolicyStatus", "s3:GetBucketPolicyStatus"),
    ("POST", "delete"): ("DeleteObjects", "s3:DeleteObject"),
    **{("GET", each): (f"Get{noun}", f"s3:Get{action}") for each, (noun, action) in _CONFIGURATIONS.items()},
    **{("PUT", each): (f"Put{noun}", f"s3:Put{action}") for each, (noun, action) in _CONFIGURATIONS.items()},
    **{
        ("DELETE", each): (f"Delete{noun}", _DELETED.get(each, f"s3:Put{action}"))
        for each, (noun, action) in _CONFIGURATIONS.items()
    },
}
SUBRESOURCES = tuple(dict.fromkeys(each for _, each in (*OBJECT_ACTIONS, *BUCKET_ACTIONS) if each))
