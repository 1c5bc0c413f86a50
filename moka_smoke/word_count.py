"""The word count of one team: what is laid out for it, what it is told, and what has to come out.

Leaves out how it is submitted: `submission.py`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.account import Account
from components.teams.names import namespace_of

NAME = "word-count"
JOB = Path(__file__).parent.parent / "examples" / "word_count.py"
INPUT_KEY, JOB_KEY, OUTPUT_PREFIX = "words.txt", "word_count.py", "counts"
# Of the program's two results, the one that needs no program to be read.
_READABLE = f"{OUTPUT_PREFIX}/json/"
SUCCESS = "_SUCCESS"
EXECUTORS = 2
# Prometheus looks every 30 seconds.
LINGER_SECONDS = 45

# Each word occurs as often as its place says, a thousand times over.
WORDS = ("moka", "spark", "graviton", "intel", "shuffle", "executor", "driver", "queue")
_TIMES = 1000

# However many executors an environment's applications have by default, these stay until the end and are seen.
SETTINGS: Mapping[str, str] = {"spark.dynamicAllocation.enabled": "false", "spark.sql.shuffle.partitions": "4"}


@dataclass(frozen=True)
class WordCount:
    """The application of one team.

    Args:
        account: the environment's account.
        image: Spark's, for driver and executors.
        team: whose it is.
        bucket: where the team writes.
        prefix: what keys begin with there; empty, or ending in a slash.
        name: of the application.
        executors: how many it has.
        core_request: CPU that the driver, and each executor, asks Kubernetes for, in its notation; their number of
            cores unless given.
        settings: of Spark, beyond those that every run has.
    """

    account: Account
    image: str
    team: str
    bucket: str
    prefix: str = ""
    name: str = NAME
    executors: int = EXECUTORS
    core_request: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """Where its pods run."""
        return namespace_of(self.team)

    def key(self, name: str) -> str:
        """Key of an object of its data."""
        return f"{self.prefix}{name}"

    def place(self, name: str) -> str:
        """URL of an object, or of a directory, of its data, as S3A has it."""
        return f"s3a://{self.bucket}/{self.key(name)}"

    def arguments(self, linger_seconds: int = LINGER_SECONDS) -> list[str]:
        """What the program is told.

        Args:
            linger_seconds: how long the driver stays when it has counted.
        """
        return [self.place(INPUT_KEY), self.place(OUTPUT_PREFIX), str(linger_seconds)]

    def lay_out(self, s3: Any) -> None:
        """Put program and input where it finds them.

        Args:
            s3: an Amazon S3 client of boto3.

        Raises:
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        s3.put_object(Bucket=self.bucket, Key=self.key(INPUT_KEY), Body=text().encode())
        s3.put_object(Bucket=self.bucket, Key=self.key(JOB_KEY), Body=JOB.read_bytes())

    def counts(self, s3: Any) -> dict[str, int] | None:
        """What lies in the bucket; None until the result is committed.

        Args:
            s3: an Amazon S3 client of boto3.

        Raises:
            botocore.exceptions.ClientError: when Amazon S3 refuses.
        """
        found = {each.removeprefix(self.key(_READABLE)): each for each in keys(s3, self.bucket, self.key(_READABLE))}
        if SUCCESS not in found:
            return None
        parts = [key for name, key in found.items() if name.startswith("part-")]
        return _read(s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in parts)


def text() -> str:
    """What is counted."""
    lines = (" ".join([word] * (place + 1)) for place, word in enumerate(WORDS))
    return "\n".join([*lines] * _TIMES)


def expected_counts() -> dict[str, int]:
    """What has to come out."""
    return {word: (place + 1) * _TIMES for place, word in enumerate(WORDS)}


def keys(s3: Any, bucket: str, prefix: str) -> list[str]:
    """Keys of objects.

    Args:
        s3: an Amazon S3 client of boto3.
        bucket: where they are.
        prefix: what they begin with.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [each["Key"] for page in pages for each in page.get("Contents", ())]


def _read(parts: Iterable[bytes]) -> dict[str, int]:
    rows = [json.loads(line) for part in parts for line in part.decode().splitlines()]
    return {row["word"]: row["count"] for row in rows}
