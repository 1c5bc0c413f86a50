"""Whether a bucket that holds objects could be deleted, and whether anything of it would go before them.

Source: the DeleteBucket page of the Amazon S3 API reference; hashicorp/terraform-provider-aws,
internal/service/s3/bucket.go: with force_destroy the provider deletes every version as the role that runs it, past a
lock in governance mode, and Amazon S3 judges each deletion by the bucket's policy.
"""

import re
from collections.abc import Iterator

from offline.checks.policy_document import as_list, document_of
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource
from offline.providers.values import plain

_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_PART = re.compile(r"aws:s3/bucket[A-Z]\w*:Bucket\w+")
_OBJECTS = "aws:s3/bucketObject"
_DELETION = ("s3:DeleteObject", "s3:DeleteObjectVersion")
_BYPASS = "s3:BypassGovernanceRetention"


def a_bucket_with_objects(bucket: Resource, inventory: Inventory) -> Iterator[str]:
    """Only forceDestroy empties a bucket, and only where its policy lets somebody."""
    if not inventory.buckets_are_filled:
        return
    if bucket.inputs.get("forceDestroy") is not True:
        yield "cannot be deleted while it holds objects and has no forceDestroy: Amazon S3 answers BucketNotEmpty"
        return
    denied = {action for policy in _policies(bucket, inventory) for action in _denied_to_everybody(policy)}
    needed = (*_DELETION, _BYPASS) if bucket.identifier in inventory.memory.locked_buckets else _DELETION
    for action in needed:
        if action in denied:
            because = "Amazon S3 answers AccessDenied to the provider that would empty it"
            yield f"cannot be deleted while its policy denies {action} to everybody: {because}"


def a_part_of_a_bucket(part: Resource, inventory: Inventory) -> Iterator[str]:
    """On a destroy a bucket keeps its policy, its lock and its lifecycle for as long as it holds objects."""
    if not inventory.buckets_are_filled or not _PART.fullmatch(part.type) or part.type.startswith(_OBJECTS):
        return
    name = plain(part.inputs.get("bucket"))
    for bucket in inventory.others(part):
        if bucket.type == "aws:s3/bucket:Bucket" and bucket.identifier == name:
            because = "AWS would delete it all the same, and the objects stand without it"
            yield f"is a part of bucket {bucket.name} and cannot be deleted while that holds objects: {because}"


def _policies(bucket: Resource, inventory: Inventory) -> Iterator[Resource]:
    for each in (*inventory.others(bucket), *inventory.parts_of(bucket)):
        if each.type == _POLICY and plain(each.inputs.get("bucket")) == bucket.identifier:
            yield each


def _denied_to_everybody(policy: Resource) -> Iterator[str]:
    for statement in as_list(document_of(plain(policy.inputs.get("policy"))).get("Statement")):
        everybody = statement.get("Effect") == "Deny" and statement.get("Principal") in ("*", {"AWS": "*"})
        if everybody and not statement.get("Condition"):
            yield from (str(action) for action in as_list(statement.get("Action")))
