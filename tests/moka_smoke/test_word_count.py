"""The word count is laid out, told and judged for its team's data, whoever submits it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from components.account import Account
from moka_smoke.word_count import JOB, WordCount, expected_counts, keys, text

APPLICATION = WordCount(Account("dev", "222222222222", "us-east-1"), "registry.example/spark:1", "sales", "lake", "x/")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Amazon S3 with the team's bucket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="lake")
        yield client


def put(s3: Any, key: str, body: str = "") -> None:
    s3.put_object(Bucket="lake", Key=f"x/counts/{key}", Body=body.encode())


def test_what_has_to_come_out_is_what_stands_in_the_text() -> None:
    assert expected_counts() == Counter(text().split())
    assert len(set(expected_counts().values())) == len(expected_counts()), "a word taken for another would not show"


def test_program_and_input_lie_where_the_program_is_told_to_look(s3: Any) -> None:
    APPLICATION.lay_out(s3)
    assert keys(s3, "lake", "x/") == ["x/word_count.py", "x/words.txt"]
    assert s3.get_object(Bucket="lake", Key="x/word_count.py")["Body"].read() == JOB.read_bytes()
    assert APPLICATION.arguments(7) == ["s3a://lake/x/words.txt", "s3a://lake/x/counts", "7"]


def test_counts_are_read_from_all_parts_once_the_job_has_committed_them(s3: Any) -> None:
    assert APPLICATION.counts(s3) is None
    put(s3, "json/part-00000-a.json", '{"word":"moka","count":2}\n{"word":"spark","count":1}\n')
    put(s3, "json/part-00001-b.json", '{"word":"driver","count":3}\n')
    put(s3, "parquet/_SUCCESS")
    assert APPLICATION.counts(s3) is None, "the other result is committed, and this one is not"
    put(s3, "json/_SUCCESS")
    assert APPLICATION.counts(s3) == {"moka": 2, "spark": 1, "driver": 3}
