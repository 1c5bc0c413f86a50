"""Wrong usage and what AWS refuses: one sentence with the fix, and an exit code."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    UnauthorizedSSOTokenError,
)

from moka_logs.arguments import parse
from moka_logs.bucket import LogBucket
from moka_logs.cli import main
from moka_logs.errors import explain
from moka_logs.place import Place, PlaceError, place_of
from tests.moka_logs.conftest import APPLICATION, BUCKET, SparkLogs

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLACE = Place(BUCKET, "us-east-1")
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["application_1700000000000_0001", "--stack", "dev"], "label spark-app-selector"),
        (["spark-1/../2", "--stack", "dev"], "label spark-app-selector"),
        ([APPLICATION], "--stack"),
        ([APPLICATION, "--stack", "nowhere"], "invalid choice: 'nowhere' (choose from"),
        ([APPLICATION, "--stack", "dev", "--role", "master"], "invalid choice: 'master' (choose from"),
        ([APPLICATION, "--stack", "dev", "--grep", "("], "is not a regular expression"),
        ([APPLICATION, "--stack", "dev", "--since", "yesterday"], "such as 30m, 2h or 1d"),
        ([APPLICATION, "--stack", "dev", "--tail", "0"], "write 1 or more"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_is_right(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(arguments, NOW)
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("1d", NOW - timedelta(days=1)),
        ("45s", NOW - timedelta(seconds=45)),
        ("2026-11-23T10:00:00", NOW - timedelta(hours=2)),
        ("2026-11-23T10:00:00+02:00", NOW - timedelta(hours=4)),
    ],
)
def test_since_is_an_age_or_a_time(text: str, expected: datetime) -> None:
    assert parse([APPLICATION, "--stack", "dev", "--since", text], NOW).since == expected


@pytest.mark.parametrize("stack", ["test", "dev", "staging", "production"])
def test_the_bucket_of_a_stack_is_the_one_that_the_program_makes(stack: str) -> None:
    number = {"test": 1, "dev": 2, "staging": 3, "production": 4}[stack]
    place = place_of(stack)
    assert place == Place(f"moka-{stack}-spark-logs-{str(number) * 12}-us-east-1", "us-east-1")


def test_another_bucket_and_region_can_be_named() -> None:
    assert place_of("dev", "copy", "eu-west-1") == Place("copy", "eu-west-1")


def test_a_stack_file_that_lacks_what_the_name_is_made_of_is_an_error_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  moka:settings:\n    name: dev\n    account_id: 2222\n")
    with pytest.raises(PlaceError, match=r"lacks account_id and region under moka:settings.*--bucket and --region"):
        place_of("dev", directory=tmp_path)
    with pytest.raises(PlaceError, match=r"no stack 'prod'; stacks are dev"):
        place_of("prod", directory=tmp_path)


def test_a_bucket_that_does_not_exist_is_exit_code_3(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> None:
    del logs
    assert main([APPLICATION, "--stack", "staging"]) == 3
    error = capsys.readouterr().err
    assert "moka-staging-spark-logs-333333333333-us-east-1 does not exist: check --stack" in error
    assert "Traceback" not in error


def test_no_credentials_are_exit_code_3(
    logs: SparkLogs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del logs
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert main([APPLICATION, "--stack", "dev"]) == 3
    assert "No AWS credentials were found" in capsys.readouterr().err


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "ListObjectsV2")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refusal("AccessDenied"), "You may not ListObjectsV2 .* assume a log readers' role .* --team"),
        (refusal("AccessDenied", "not authorized to perform: kms:Decrypt on key"), "ask for kms:Decrypt"),
        (refusal("ExpiredToken"), "expired .*aws sso login"),
        (refusal("InvalidAccessKeyId"), "does not accept your credentials"),
        (refusal("NoSuchBucket"), "does not exist: check --stack"),
        (refusal("PermanentRedirect"), "not in us-east-1 .*--region"),
        (refusal("SlowDown", "reduce your rate"), "SlowDown: reduce your rate.*try again"),
        (NoCredentialsError(), "No AWS credentials were found"),
        (ProfileNotFound(profile="x"), "No AWS credentials were found"),
        (UnauthorizedSSOTokenError(), "can't be used .*aws sso login"),
        (EndpointConnectionError(endpoint_url="https://s3"), "can't be reached .*--region"),
    ],
)
def test_what_aws_refuses_is_one_sentence_with_the_fix(
    logs: SparkLogs,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: ClientError | BotoCoreError,
    said: str,
) -> None:
    del logs

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(LogBucket, "namespaces", refuse)
    assert main([APPLICATION, "--stack", "dev"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"moka_logs: {explain(error, PLACE)}\n"
    assert re.search(said, printed.err)


def test_the_hint_is_given_even_to_a_reader_who_may_not_look_there(
    logs: SparkLogs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del logs

    def refuse(*_: object) -> bool:
        raise refusal("AccessDenied")

    monkeypatch.setattr(LogBucket, "holds", refuse)
    assert main([APPLICATION, "--stack", "dev"]) == 1
    assert "which can't be listed by you (AccessDenied)" in capsys.readouterr().err


def test_the_command_runs_as_a_module_and_explains_itself() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "moka_logs", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert "APPLICATION_ID" in shown
    assert "exit codes: 0 lines were found, 1 none were, 2 wrong usage" in shown
