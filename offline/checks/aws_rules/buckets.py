"""What Amazon S3 refuses in a bucket and the resources that shape it.

Source: Amazon S3 user guide; the pages stand beside each rule.
"""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from offline.checks.aws_rules.subject import Stack, Subject
from offline.checks.finding import Finding
from offline.checks.policy_document import as_list, document_of, statement_label

BUCKET = "aws:s3/bucket:Bucket"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_LOGGING = "aws:s3/bucketLogging:BucketLogging"
_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

_NAMING = "Amazon S3 user guide, General purpose bucket naming rules"
_TRANSITIONS = "Amazon S3 user guide, Transitioning objects using Amazon S3 Lifecycle"
_OBJECT_LOCK = "Amazon S3 user guide, Object Lock considerations"
_PUT_POLICY = "Amazon S3 API, PutBucketPolicy: MalformedPolicy"
_BUCKET_ARN = re.compile(r"arn:[^:]*:s3:::([^/]+)")
# Transitions, the expiry they come before, and the key that holds the days of both.
_MOVES = (
    ("transitions", "expiration", "days"),
    ("noncurrentVersionTransitions", "noncurrentVersionExpiration", "noncurrentDays"),
)
_INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
EARLIEST_INFREQUENT_ACCESS_DAYS = 30


def a_bucket_has_a_legal_name(bucket: Subject) -> Iterator[Finding]:
    """3 to 63 of lower-case letters, digits, dots and hyphens, and none of the names that S3 keeps for itself."""
    name = bucket.get("bucket")
    if name is None:
        return
    reserved = name.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or name.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    )
    legal = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) and ".." not in name
    if reserved or not legal or re.fullmatch(r"(\d+\.){3}\d+", name):
        rule = "must be 3 to 63 lower-case letters, digits, dots and hyphens, no IP address and no reserved name"
        yield bucket.finding("bucket", rule, _NAMING, "Choose another name")


def a_lifecycle_is_in_order(configuration: Subject) -> Iterator[Finding]:
    """Transitions come before expiry, in days that S3 takes."""
    for index, rule in enumerate(configuration.items("rules")):
        place = f"rules.{index}"
        for moves, ends, key in _MOVES:
            end = (rule.get(ends) or {}).get(key)
            for number, move in enumerate(rule.get(moves) or []):
                yield from _transition(configuration, f"{place}.{moves}.{number}.{key}", move, move.get(key), end)
        if len(set(rule) - {"id", "status", "filter", "prefix"}) == 0:
            say = "must say what happens: a transition, an expiration or an abort of uploads"
            yield configuration.finding(
                place, say, "Amazon S3 API, LifecycleRule", "Add an action, or drop the rule", rule
            )


def _transition(
    configuration: Subject, place: str, move: dict[str, Any], days: int | None, end: int | None
) -> Iterator[Finding]:
    if days is None:
        return
    storage = move.get("storageClass")
    if storage in _INFREQUENT_ACCESS and days < EARLIEST_INFREQUENT_ACCESS_DAYS:
        rule = f"must be {EARLIEST_INFREQUENT_ACCESS_DAYS} or more for {storage}"
        yield configuration.finding(place, rule, _TRANSITIONS, "Move objects later, or to another class", days)
    if end is not None and days >= end:
        rule = f"must be smaller than the days until expiry ({end})"
        yield configuration.finding(place, rule, _TRANSITIONS, "Move objects earlier, or keep them longer", days)


def a_policy_is_about_its_own_bucket(policy: Subject) -> Iterator[Finding]:
    """Every resource of a bucket policy is the bucket or an object in it."""
    bucket, document = policy.get("bucket"), document_of(policy.get("policy"))
    if bucket is None:
        return
    for index, statement in enumerate(as_list(document.get("Statement"))):
        part = statement_label(statement, index)
        for resource in as_list(statement.get("Resource")) + as_list(statement.get("NotResource")):
            named = _BUCKET_ARN.match(str(resource))
            if named is None or not fnmatch.fnmatchcase(bucket, named[1]):
                rule = f"names {resource}, but stands on bucket {bucket}"
                fix = "Name the bucket that the policy stands on"
                yield replace(policy.finding("policy", rule, _PUT_POLICY, fix, resource), part=part)


def a_lock_needs_versions(stack: Stack) -> Iterator[Finding]:
    """Object Lock stands on a bucket whose versioning is on, and that receives no access logs."""
    for lock in stack.of(_LOCK):
        name = lock.get("bucket")
        for versioning in _of_bucket(stack, _VERSIONING, name):
            status = versioning.get("versioningConfiguration.status")
            if status not in (None, "Enabled"):
                place = "versioningConfiguration.status"
                rule = f"must be Enabled, because {lock.resource.name} locks versions"
                yield versioning.finding(place, rule, _OBJECT_LOCK, "Enable versioning, or drop the lock")
        for logging in stack.of(_LOGGING):
            if name is not None and logging.get("targetBucket") == name and lock.gives("rule"):
                rule = "has an Object Lock default retention, with which S3 delivers no access logs"
                source = "Amazon S3 user guide, Enabling Amazon S3 server access logging"
                yield logging.finding("targetBucket", rule, source, "Send access logs to a bucket without a lock")


def _of_bucket(stack: Stack, kind: str, name: str | None) -> Iterator[Subject]:
    return (each for each in stack.of(kind) if name is not None and each.get("bucket") == name)


RULES = {
    BUCKET: (a_bucket_has_a_legal_name,),
    _LIFECYCLE: (a_lifecycle_is_in_order,),
    _POLICY: (a_policy_is_about_its_own_bucket,),
}
RULES_TOGETHER = (a_lock_needs_versions,)
