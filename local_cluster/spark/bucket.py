"""The bucket of a team's data, which is the team's own and no stack's: it is added to the account here."""

import json
from typing import Any

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private
from moka_smoke.word_count import NAME, WordCount


def add_to_account(directory: ClusterDirectory, application: WordCount) -> None:
    """Let the cluster's AWS have the bucket that an application writes to.

    Args:
        directory: of the cluster.
        application: whose bucket it is.
    """
    content = {"version": 3, "checkpoint": {"latest": {"resources": [bucket_of(application)]}}}
    write_private(directory.applications, json.dumps(content))


def bucket_of(application: WordCount) -> dict[str, Any]:
    """The team's bucket, in the form of the engine's state."""
    kind = "aws:s3/bucket:Bucket"
    return {
        "urn": f"urn:pulumi:{NAME}::{NAME}::{kind}::{application.bucket}",
        "custom": True,
        "type": kind,
        "id": application.bucket,
        "inputs": {"bucket": application.bucket},
        "outputs": {"arn": application.account.bucket_arn(application.bucket)},
    }
