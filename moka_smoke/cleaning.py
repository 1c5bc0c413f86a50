"""Takes away what a run made: what was submitted, its pods, and its objects in the team's bucket.

Leaves out what the environment keeps of every application: logs, event log, metrics. In a bucket with versions a
deleted object leaves a version behind, which the bucket's lifecycle ends.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from moka_smoke.milestones import HopelessError, refused
from moka_smoke.submission import Submission
from moka_smoke.word_count import WordCount, keys

# Amazon S3 API reference, "DeleteObjects".
_AT_ONCE = 1000
_UPLOADS = "uploads that were begun stay until the bucket's lifecycle ends them"


def clean(submission: Submission, application: WordCount, s3: Any, say: Callable[[str], None]) -> bool:
    """Take it away, the one although the other can't be; returns whether nothing is left.

    Args:
        submission: which deletes what was submitted.
        application: whose objects go: all under its prefix, which must be this run's alone.
        s3: an Amazon S3 client of boto3.
        say: told what is left, and how to delete it.
    """
    place = f"s3://{application.bucket}/{application.prefix}"
    kind = f"kubectl --namespace {application.namespace} delete sparkapplication {application.name}"
    # Pods first: as long as one runs it may write.
    steps: Sequence[tuple[Callable[[], object], str]] = (
        (submission.remove, kind),
        (lambda: _delete_objects(s3, application.bucket, application.prefix), f"aws s3 rm --recursive {place}"),
        (lambda: _abort_uploads(s3, application.bucket, application.prefix), _UPLOADS),
    )
    done = [_done(step, command, say) for step, command in steps]
    return all(done)


def _done(step: Callable[[], object], command: str, say: Callable[[str], None]) -> bool:
    try:
        step()
    except (HopelessError, ApiException, HTTPError, ClientError, BotoCoreError, OSError) as error:
        say(f"could not be cleaned up: {refused(error) or error}; {command}")
        return False
    return True


def _delete_objects(s3: Any, bucket: str, prefix: str) -> None:
    left = iter(keys(s3, bucket, prefix))
    while batch := [{"Key": key} for key in islice(left, _AT_ONCE)]:
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        for error in answer.get("Errors", ()):
            raise OSError(f"{error.get('Key')}: {error.get('Code')}: {error.get('Message')}")


def _abort_uploads(s3: Any, bucket: str, prefix: str) -> None:
    """End uploads that a driver which was stopped left half done; they are billed, and no listing shows them."""
    for upload in _uploads(s3, bucket, prefix):
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])


def _uploads(s3: Any, bucket: str, prefix: str) -> Iterator[Any]:
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Uploads", ())
