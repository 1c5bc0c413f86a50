"""However a command ends, its exit code says so: 1 means that nothing was found, and nothing else."""

import gzip
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from moka_logs import cli, event_log_cli, exit_codes
from moka_logs.bucket import LogBucket
from moka_logs.exit_codes import CLOSED, FAILED, FOUND, INTERRUPTED, NONE, REFUSED, USAGE
from tests.moka_logs.conftest import APPLICATION, BUCKET, NAMESPACE, SparkLogs

ROOT = Path(__file__).parent.parent.parent
LINES = [APPLICATION, "--stack", "dev"]
Raising = Callable[[BaseException], None]

# Runs a command in a process of its own on moto's S3, with 200,000 lines of a driver in it.
PROGRAM = f"""
import gzip, signal, sys
import boto3
from moto import mock_aws
from moka_logs.cli import main
# A shell's background job ignores it, and so do the programs that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
with mock_aws():
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="{BUCKET}")
    body = gzip.compress(b"".join(b"line %d\\n" % number for number in range(200000)))
    s3.put_object(Bucket="{BUCKET}", Key="spark/{NAMESPACE}/{APPLICATION}/driver/d/20261123T100000-u.log.gz", Body=body)
    sys.exit(main(["{APPLICATION}", "--stack", "dev", *sys.argv[1:]]))
"""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "PATH": os.environ["PATH"],
}


def started(*arguments: str, stdout: int = subprocess.PIPE, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.Popen(command, stdout=stdout, stderr=stderr, cwd=ROOT, env=ENVIRONMENT)


@pytest.fixture
def raising(logs: SparkLogs, monkeypatch: pytest.MonkeyPatch) -> Raising:
    """Lets both commands meet an exception when they look for objects."""
    del logs

    def arrange(error: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(LogBucket, "namespaces", fail)
        monkeypatch.setattr(event_log_cli, "find_parts", fail)

    return arrange


@pytest.fixture(params=["lines", "event log"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], int]:
    if request.param == "lines":
        return lambda: cli.main(LINES)
    return lambda: event_log_cli.main([*LINES, "--out", str(tmp_path / "log")])


def test_every_way_of_ending_has_a_code_of_its_own() -> None:
    codes = [FOUND, NONE, USAGE, REFUSED, FAILED, INTERRUPTED, CLOSED]
    assert len(set(codes)) == len(codes)
    assert (FOUND, NONE, INTERRUPTED, CLOSED) == (0, 1, 128 + signal.SIGINT, 128 + signal.SIGPIPE)


def test_the_page_on_finding_logs_names_every_code_and_help_does_too(capsys: pytest.CaptureFixture[str]) -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}
    page = (ROOT / "docs" / "finding-logs.md").read_text()
    table = page[page.index("| Exit code |") :].partition("\n\n")[0]
    assert {int(each) for each in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == codes
    for main in (cli.main, event_log_cli.main):
        with pytest.raises(SystemExit):
            main(["--help"])
        shown = " ".join(capsys.readouterr().out.split()).partition("exit codes: ")[2]
        assert {int(each) for each in re.findall(r"(?:^|, )(\d+) ", shown)} == codes


@pytest.mark.parametrize(
    "error", [RuntimeError("odd"), KeyError("x"), MemoryError(), RecursionError(), ValueError("v")]
)
def test_an_error_that_nobody_foresaw_is_code_4_with_its_traceback(
    raising: Raising, command: Callable[[], int], error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(error)
    assert command() == FAILED
    said = capsys.readouterr().err
    assert f"{type(error).__name__}" in said
    assert "Traceback" in said
    assert "an error of the program, no answer" in said


def test_ctrl_c_is_code_130_in_either_command(raising: Raising, command: Callable[[], int]) -> None:
    raising(KeyboardInterrupt())
    assert command() == INTERRUPTED


@pytest.mark.parametrize("module", ["moka_logs", "moka_logs.event_log"])
def test_a_requirement_that_is_not_installed_is_code_4(module: str) -> None:
    program = f"import runpy, sys; sys.modules['boto3'] = None; runpy.run_module({module!r}, run_name='__main__')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ended.returncode == FAILED
    assert "boto3" in ended.stderr


def test_ctrl_c_while_following_prints_what_was_read_and_is_code_130() -> None:
    with started("--follow") as process:
        assert process.stdout
        assert process.stderr
        assert b"driver/d line 199999\n" in iter(process.stdout.readline, b"")
        process.send_signal(signal.SIGINT)
        error = process.stderr.read()
    assert process.returncode == INTERRUPTED, error
    assert b"200000 of 200000 lines printed" in error
    assert b"Traceback" not in error


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_takes_nothing_and_changes_no_code(closed: str) -> None:
    command = ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", PROGRAM]
    for arguments, code in (((), FOUND), (("--grep", "nothing"), NONE), (("--tail", "x"), USAGE)):
        ended = subprocess.run([*command, *arguments], capture_output=True, cwd=ROOT, env=ENVIRONMENT, check=False)
        assert ended.returncode == code
        assert (ended.stdout == b"") is (code != FOUND or ">&-" in closed.split())
        assert (ended.stderr == b"") is ("2>&-" in closed)


@pytest.mark.parametrize("both", [False, True], ids=["output", "output and errors"])
def test_a_reader_who_has_seen_enough_ends_the_run_quietly_with_code_141(both: bool) -> None:
    with started(stderr=subprocess.STDOUT if both else subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"driver/d line 0\n"
        process.stdout.close()
        error = process.stderr.read() if process.stderr else b""
    assert process.returncode == CLOSED, error
    assert b"BrokenPipe" not in error
    assert b"Traceback" not in error


@pytest.mark.parametrize("arguments", [(), ("--tail", "1"), ("--help",)])
def test_an_output_that_is_full_is_code_4_in_one_sentence(arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("wb") as full, started(*arguments, stdout=full.fileno()) as process:
        assert process.stderr
        error = process.stderr.read()
    assert process.returncode == FAILED, error
    assert b"No space left on device" in error
    assert b"Traceback" not in error


def test_an_event_log_that_cannot_be_written_is_code_4_in_one_sentence(
    logs: SparkLogs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.client.create_bucket(Bucket="copy-of-events")
    (tmp_path / "file").write_text("no directory")
    out = tmp_path / "file" / "log"
    assert event_log_cli.main([*LINES, "--bucket", "copy-of-events", "--out", str(out)]) == FAILED
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said
    assert "Traceback" not in said


def test_no_line_among_objects_that_could_not_be_read_is_code_4_and_not_none(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/d/20261123T100000-u.log.gz", b"no gzip")
    assert cli.main(LINES) == FAILED
    assert "1 objects could not be read: there may be lines" in capsys.readouterr().err
    logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/d/20261123T100000-u.log.gz", gzip.compress(b"a line\n"))
    assert cli.main([*LINES, "--grep", "another"]) == NONE
    assert cli.main(LINES) == FOUND


@pytest.mark.parametrize(
    "arguments",
    [("--since", "99999999999d"), ("--since", "0001-01-01T00:00+14:00"), ("--pod", "\udcff"), ("--tail", "²")],
)
def test_a_value_that_no_calendar_or_cluster_knows_is_wrong_usage(arguments: Sequence[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([*LINES, *arguments])
    assert stopped.value.code == USAGE
