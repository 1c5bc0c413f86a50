"""Rules of buckets, and of what else holds data.

Source: Amazon S3 user guide, "Security best practices"; AWS IAM user guide, "Data perimeters".
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from policies.resource import STRICT, Resource, Rule

_BUCKET = "aws:s3/bucket:Bucket"
_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_OWNER = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_COMPANIONS = {
    _POLICY: "a policy",
    _BLOCK: "a public access block",
    _OWNER: "ownership controls",
    _ENCRYPTION: "an encryption of its own",
    _LIFECYCLE: "a lifecycle",
}
_CLOSED = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_TOPIC = "aws:sns/topic:Topic"
_QUEUE = "aws:sqs/queue:Queue"
_KEY = "aws:kms/key:Key"
_LONGEST_UPLOAD_DAYS = 7


def is_complete(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    """Every bucket has everything that closes it."""
    have = {(each.type, each.get("bucket")) for each in resources if each.type != _BUCKET}
    for bucket in resources:
        if bucket.type == _BUCKET:
            name = bucket.get("bucket")
            missing = [words for kind, words in _COMPANIONS.items() if (kind, name) not in have]
            if missing:
                yield bucket, f"bucket {name} lacks {', '.join(missing)}: make it with components/buckets/log_bucket.py"


def is_closed(block: Resource) -> Iterator[str]:
    """Nothing about a bucket is public."""
    for each in _CLOSED:
        if block.get(each) is not True:
            yield f"{each} is not true: somebody could open the bucket to the world; set it"


def is_its_owners(controls: Resource) -> Iterator[str]:
    """Access lists count for nothing."""
    rule = controls.get("rule.objectOwnership")
    if rule != "BucketOwnerEnforced":
        yield f"rule.objectOwnership is {rule}: a list could open an object; set BucketOwnerEnforced"


def refuses_others(policy: Resource) -> Iterator[str]:
    """A bucket's policy refuses plain HTTP and other accounts, whatever grants there are."""
    denials = [each for each in _statements(policy) if each.get("Effect") == "Deny" and each.get("Principal") == "*"]
    conditions = [each.get("Condition", {}) for each in denials]
    if not any(each.get("Bool", {}).get("aws:SecureTransport") == "false" for each in conditions):
        yield "policy has no denial of requests without TLS; add one for aws:SecureTransport false"
    if not any("aws:PrincipalAccount" in each.get("StringNotEquals", {}) for each in conditions):
        yield "policy has no denial of other accounts; add one for StringNotEquals aws:PrincipalAccount"


def ends_uploads(lifecycle: Resource) -> Iterator[str]:
    """Uploads that never ended go within a week."""
    days = [
        each.get("abortIncompleteMultipartUpload", {}).get("daysAfterInitiation") for each in lifecycle.get("rules", ())
    ]
    if not any(each is not None and each <= _LONGEST_UPLOAD_DAYS for each in days):
        yield f"rules end no upload within {_LONGEST_UPLOAD_DAYS} days: parts that nobody sees are paid for; add one"


def is_not_emptied_on_destroy(bucket: Resource) -> Iterator[str]:
    """A destroy takes no log along in staging and production."""
    if bucket.stack in STRICT and bucket.get("forceDestroy") is True:
        yield f"forceDestroy is true, and a destroy of {bucket.stack} may delete nothing that it holds; set it to false"


def has_a_key(group: Resource) -> Iterator[str]:
    """A log group is encrypted with a key of the environment, and kept for a time."""
    if not group.get("kmsKeyId"):
        yield "kmsKeyId is missing: name a key of the environment"
    if not group.get("retentionInDays"):
        yield "retentionInDays is missing, which keeps everything for ever; name a number of days"


def is_encrypted(store: Resource) -> Iterator[str]:
    """A topic or queue is encrypted."""
    if not (store.get("kmsMasterKeyId") or store.get("sqsManagedSseEnabled") is True):
        yield "kmsMasterKeyId is missing: messages would lie unencrypted; name a key"


def rotates(key: Resource) -> Iterator[str]:
    """A key is renewed every year, and can be saved for a month after somebody deleted it."""
    if key.get("enableKeyRotation") is not True:
        yield "enableKeyRotation is not true; set it"
    if (days := key.get("deletionWindowInDays", 30)) < 30:
        yield f"deletionWindowInDays is {days}: what it encrypted is lost with it; 30 is the longest that can be undone"


def _statements(resource: Resource) -> list[dict[str, Any]]:
    document = resource.get("policy", "{}")
    return (json.loads(document) if isinstance(document, str) else document).get("Statement", [])


RULES = (
    Rule(
        "buckets-are-complete",
        (49, 51, 52),
        "A bucket has all that closes it",
        ("aws:s3/bucket",),
        together=is_complete,
    ),
    Rule("buckets-are-closed", (49,), "Nothing about a bucket is public", (_BLOCK,), is_closed),
    Rule("buckets-have-one-owner", (49,), "Access lists count for nothing", (_OWNER,), is_its_owners),
    Rule(
        "buckets-refuse-others", (49, 50, 56), "Plain HTTP and other accounts are refused", (_POLICY,), refuses_others
    ),
    Rule("uploads-end", (52,), "Uploads that never ended go", (_LIFECYCLE,), ends_uploads),
    Rule("logs-outlive-a-destroy", (54,), "A destroy takes no log along", (_BUCKET,), is_not_emptied_on_destroy),
    Rule("log-groups-have-a-key", (2,), "Log groups are encrypted and end", (_LOG_GROUP,), has_a_key),
    Rule("messages-are-encrypted", (62,), "Topics and queues are encrypted", (_TOPIC, _QUEUE), is_encrypted),
    Rule("keys-are-renewed", (3, 51), "Keys rotate and can be saved", (_KEY,), rotates),
)
