"""Whether AWS would make or change a resource in the account as it is now.

Only an update can tell: a preview makes nothing, so nothing of its own stands anywhere. Leaves out what other stacks
hold, and types whose API does not say by an error of its own that a name is taken (EC2's, and Athena's workgroups).
"""

import re
from collections.abc import Iterator
from functools import cache

from offline.checks.finding import Finding
from offline.providers.aws.calls import errors_of
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.memory import LOG_GROUP
from offline.providers.aws.types import TYPES
from offline.providers.resource import Check, Failure, Resource
from offline.providers.values import plain

JUDGE = "account"
BUCKET = "aws:s3/bucket:Bucket"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
OBJECT_LOCK = "Amazon S3 user guide, Configuring S3 Object Lock"
# The first of an operation's errors that means: there is one of that name.
_TAKEN = (re.compile(r"OwnedByYou"), re.compile(r"Already|ResourceInUse|Conflict|NameExists"))


def account_check(inventory: Inventory) -> Check:
    """The check that the provider asks before it makes or changes a resource.

    Args:
        inventory: what stands in the account.
    """

    def check(resource: Resource) -> list[Failure]:
        return [Failure("", str(each)) for each in findings_against(resource, inventory)]

    return check


def findings_against(resource: Resource, inventory: Inventory) -> Iterator[Finding]:
    """Why AWS would refuse to make or change a resource now."""
    if not resource.old_inputs:
        yield from a_name_that_is_taken(resource, inventory)
    yield from a_lock_before_versions(resource, inventory)


def a_name_that_is_taken(resource: Resource, inventory: Inventory) -> Iterator[Finding]:
    """What has a name of its own is made once."""
    code = error_of_taken_names(resource.type)
    if not code:
        return
    left = inventory.memory.find(resource.type, resource.identifier)
    standing = [each for each in inventory.others(resource) if _same(each, resource)]
    if left is None and not standing:
        return
    there = left.reason if left else f"{standing[0].type} {standing[0].name} still has the name"
    fix = "Delete it, or bring it into the state with pulumi import"
    if left and resource.type == LOG_GROUP:
        fix = f"aws logs delete-log-group --log-group-name {resource.identifier}"
    source = f"API reference of the service, the page of the creation: {code}"
    rule = f"cannot be made: {resource.identifier} is in the account already, for {there}"
    yield Finding.of(JUDGE, resource, "", resource.identifier, rule=rule, source=source, fix=fix)


def a_lock_before_versions(resource: Resource, inventory: Inventory) -> Iterator[Finding]:
    """Amazon S3 turns Object Lock on only where versioning is enabled; a new bucket with a lock gets it by itself."""
    changed = resource.type == BUCKET and resource.old_inputs and resource.inputs.get("objectLockEnabled") is True
    if resource.type != LOCK and not changed:
        return
    bucket = plain(resource.inputs.get("bucket"))
    if bucket in inventory.memory.locked_buckets or versions_are_enabled(bucket, inventory):
        return
    rule = "needs versioning, which is not enabled yet: Amazon S3 answers InvalidBucketState"
    fix = "Let it depend on the bucket's BucketVersioning"
    yield Finding.of(JUDGE, resource, "bucket", bucket, rule=rule, source=OBJECT_LOCK, fix=fix)


def versions_are_enabled(bucket: str, inventory: Inventory) -> bool:
    """Whether a bucket's versioning stands and is on."""
    return any(
        each.type == VERSIONING
        and plain(each.inputs.get("bucket")) == bucket
        and plain(each.inputs.get("versioningConfiguration") or {}).get("status") == "Enabled"
        for each in inventory.everything
    )


@cache
def error_of_taken_names(kind: str) -> str:
    """What the API answers to a second creation under one name; empty where it takes it or gives names itself."""
    row = TYPES[kind]
    if (
        not row.calls
        or not isinstance(row.identifier, str)
        or re.search(r"\{(hex|digits|letters|uuid)", row.identifier)
    ):
        return ""
    errors = errors_of(row.calls[0].service, row.calls[0].operation)
    return next((error for pattern in _TAKEN for error in errors if pattern.search(error)), "")


def _same(left: Resource, right: Resource) -> bool:
    return (left.type, left.identifier) == (right.type, right.identifier)
