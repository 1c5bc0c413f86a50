"""A bucket of Spark logs in moto's S3, filled as the log agent fills it."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from moka_logs.object_keys import LogObject

APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"
NAMESPACE = "spark-analytics"
# What stacks/Pulumi.dev.yaml says, written out: the name is a contract with whoever reads the bucket by hand.
BUCKET = "moka-dev-spark-logs-222222222222-us-east-1"

# logs.spark_upload_interval_minutes of every stack that does not say otherwise.
UPLOAD_INTERVAL = timedelta(minutes=1)


@dataclass
class SparkLogs:
    """The bucket of environment dev."""

    client: Any

    def ship(
        self,
        pod: str,
        time: str,
        *lines: str | bytes,
        role: str = "executor",
        application: str = APPLICATION,
        namespace: str = NAMESPACE,
        uploaded: str | None = None,
    ) -> str:
        """Upload lines as one object of the agent: key of the given time, raw lines, gzip, a minute later."""
        body = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
        key = f"spark/{namespace}/{application}/{role}/{pod}/{time}-{uuid4().hex[:8]}.log.gz"
        return self.put(key, gzip.compress(body), uploaded or f"{_time(time) + UPLOAD_INTERVAL:%Y%m%dT%H%M%S}")

    def put(self, key: str, body: bytes, uploaded: str | None = None) -> str:
        self.client.put_object(
            Bucket=BUCKET, Key=key, Body=body, ContentType="text/plain", ContentEncoding="gzip", ContentLength=len(body)
        )
        if uploaded:
            stored = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys[key]
            stored.last_modified = _time(uploaded).replace(tzinfo=None)
        return key

    def object(self, key: str) -> LogObject:
        head = self.client.head_object(Bucket=BUCKET, Key=key)
        found = LogObject.parse(key, head["ContentLength"], head["LastModified"])
        assert found
        return found


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkLogs]:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield SparkLogs(client)


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
