"""`python -m moka_logs` against objects as the log agent writes them."""

import gzip
import sys
from collections.abc import Sequence
from hashlib import sha256
from types import SimpleNamespace

import pytest

from moka_logs.bucket import LogBucket
from moka_logs.cli import main
from moka_logs.object_keys import LogObject
from tests.moka_logs.conftest import APPLICATION, BUCKET, NAMESPACE, SparkLogs

DRIVER, FIRST, SECOND = "etl-driver", "etl-exec-1", "etl-exec-2"


class Output(SimpleNamespace):
    """Exit code, lines on standard output, text on standard error."""

    code: int
    lines: list[str]
    error: str


@pytest.fixture
def run(logs: SparkLogs, capsys: pytest.CaptureFixture[str]) -> object:
    del logs

    def command(*arguments: str, application: str = APPLICATION) -> Output:
        code = main([application, "--stack", "dev", *arguments])
        captured = capsys.readouterr()
        return Output(code=code, lines=captured.out.splitlines(), error=captured.err)

    return command


def texts(lines: Sequence[str]) -> list[str]:
    return [line.split(" ", 1)[1] for line in lines]


def test_lines_of_all_pods_come_in_order_of_their_own_times(logs: SparkLogs, run) -> None:
    logs.ship(DRIVER, "20261123T100000", "26/11/23 10:00:00 INFO a", "26/11/23 10:00:03 INFO d", role="driver")
    logs.ship(DRIVER, "20261123T100100", "26/11/23 10:01:00 INFO f", role="driver")
    logs.ship(FIRST, "20261123T100001", "26/11/23 10:00:01 INFO b", "26/11/23 10:00:59 INFO e")
    logs.ship(SECOND, "20261123T100002", '{"ts":"2026-11-23T10:00:02.500Z","level":"INFO","msg":"c"}')
    output = run()
    assert output.code == 0
    assert output.lines == [
        f"driver/{DRIVER} 26/11/23 10:00:00 INFO a",
        f"executor/{FIRST} 26/11/23 10:00:01 INFO b",
        f'executor/{SECOND} {{"ts":"2026-11-23T10:00:02.500Z","level":"INFO","msg":"c"}}',
        f"driver/{DRIVER} 26/11/23 10:00:03 INFO d",
        f"executor/{FIRST} 26/11/23 10:00:59 INFO e",
        f"driver/{DRIVER} 26/11/23 10:01:00 INFO f",
    ]


def test_a_stack_trace_stays_below_its_line(logs: SparkLogs, run) -> None:
    trace = ["26/11/23 10:00:01 ERROR boom", "java.lang.Exception: boom", "\tat a.b.C(D.scala:1)", ""]
    logs.ship(FIRST, "20261123T100001", *trace, "26/11/23 10:00:05 INFO after")
    logs.ship(SECOND, "20261123T100001", "26/11/23 10:00:02 INFO other")
    output = run()
    assert texts(output.lines) == [*trace, "26/11/23 10:00:02 INFO other", "26/11/23 10:00:05 INFO after"]


def test_lines_before_the_first_time_have_the_time_of_their_object(logs: SparkLogs, run) -> None:
    logs.ship(FIRST, "20261123T100010", "++ id -u", "26/11/23 10:00:11 INFO up")
    logs.ship(SECOND, "20261123T100000", "26/11/23 10:00:05 INFO early", "26/11/23 10:00:20 INFO late")
    assert texts(run().lines) == [
        "26/11/23 10:00:05 INFO early",
        "++ id -u",
        "26/11/23 10:00:11 INFO up",
        "26/11/23 10:00:20 INFO late",
    ]


def test_a_retried_application_shows_the_pods_of_every_attempt(logs: SparkLogs, run) -> None:
    logs.ship("etl-driver-1", "20261123T100000", "26/11/23 10:00:00 first attempt", role="driver")
    logs.ship("etl-driver-2", "20261123T110000", "26/11/23 11:00:00 second attempt", role="driver")
    assert texts(run().lines) == ["26/11/23 10:00:00 first attempt", "26/11/23 11:00:00 second attempt"]


def test_another_application_is_left_out_even_if_its_id_starts_the_same(logs: SparkLogs, run) -> None:
    logs.ship(DRIVER, "20261123T100000", "ours", role="driver")
    logs.ship(DRIVER, "20261123T100000", "theirs", role="driver", application=f"{APPLICATION}0")
    assert texts(run().lines) == ["ours"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--role", "driver"], ["d"]),
        (["--role", "executor"], ["e1", "e2 needle"]),
        (["--pod", FIRST], ["e1"]),
        (["--pod", DRIVER], ["d"]),
        (["--role", "executor", "--pod", SECOND], ["e2 needle"]),
        (["--grep", "nee+dle$"], ["e2 needle"]),
        (["--tail", "2"], ["e1", "e2 needle"]),
    ],
)
def test_a_selection_shows_what_was_asked_for(logs: SparkLogs, run, arguments: list[str], expected: list[str]) -> None:
    logs.ship(DRIVER, "20261123T100000", "d", role="driver")
    logs.ship(FIRST, "20261123T100001", "e1")
    logs.ship(SECOND, "20261123T100002", "e2 needle")
    output = run(*arguments)
    assert texts(output.lines) == expected
    assert output.code == 0


def test_since_skips_earlier_lines_and_does_not_read_objects_that_hold_no_later_one(logs: SparkLogs, run) -> None:
    for minute in range(5):
        logs.ship(FIRST, f"20261123T100{minute}00", *(f"26/11/23 10:0{minute}:{second} x" for second in (10, 50)))
    output = run("--since", "2026-11-23T10:03:30")
    assert texts(output.lines) == ["26/11/23 10:03:50 x", "26/11/23 10:04:10 x", "26/11/23 10:04:50 x"]
    assert "from 3 objects" in output.error, "those of minutes 3 and 4, and the one that may hold a line's start"


def test_a_line_that_the_runtime_cut_is_whole_again_across_objects(logs: SparkLogs, run) -> None:
    start, middle, end = "26/11/23 10:00:00 INFO " + "a" * 16384, "b" * 16384, "c" * 7
    logs.ship(FIRST, "20261123T100000", start + "\x1f", middle + "\x1f")
    logs.ship(FIRST, "20261123T100100", end, "26/11/23 10:01:00 INFO next")
    assert texts(run().lines) == [start + middle + end, "26/11/23 10:01:00 INFO next"]


def test_a_line_whose_end_never_came_is_shown_all_the_same(logs: SparkLogs, run) -> None:
    logs.ship(FIRST, "20261123T100000", "26/11/23 10:00:00 INFO killed in the mid\x1f")
    assert texts(run().lines) == ["26/11/23 10:00:00 INFO killed in the mid"]


def test_odd_bytes_and_carriage_returns_and_empty_lines_survive(logs: SparkLogs, capsysbinary) -> None:
    written = ["é\x85x\r50%\r100%".encode(), b"", b"\xff\xfe \xe2\x82", "\u2028 \x1e\x0b\x0c\0".encode(), b"\r"]
    logs.ship(DRIVER, "20261123T100000", *written, role="driver")
    assert main([APPLICATION, "--stack", "dev"]) == 0
    assert capsysbinary.readouterr().out == b"".join(b"driver/%s %s\n" % (DRIVER.encode(), line) for line in written)


def test_objects_larger_than_a_block_are_read_to_their_end(logs: SparkLogs, run, monkeypatch) -> None:
    monkeypatch.setattr("moka_logs.bucket.BLOCK_BYTES", 100)
    monkeypatch.setattr("moka_logs.compressed._STEP_BYTES", 64)
    expected = [f"26/11/23 10:00:{second:02} {sha256(bytes([second])).hexdigest()}" for second in range(60)]
    key = logs.ship(FIRST, "20261123T100000", *expected)
    assert logs.object(key).size_bytes > 500
    assert texts(run().lines) == expected


def test_two_gzip_files_in_one_object_are_read_as_one(logs: SparkLogs, run) -> None:
    body = gzip.compress(b"first\n") + gzip.compress(b"second\n")
    logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/{DRIVER}/20261123T100000-u.log.gz", body)
    assert texts(run().lines) == ["first", "second"]


@pytest.mark.parametrize("broken", [b"no gzip at all", gzip.compress(b"cut off\n" * 50)[:-12]], ids=["text", "cut off"])
def test_a_damaged_object_is_named_and_hides_no_other(logs: SparkLogs, run, broken: bytes) -> None:
    logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/{DRIVER}/20261123T100000-u.log.gz", broken)
    logs.ship(DRIVER, "20261123T100100", "26/11/23 10:01:00 after", role="driver")
    output = run()
    assert texts(output.lines)[-1] == "26/11/23 10:01:00 after"
    assert f"spark/{NAMESPACE}/{APPLICATION}/driver/{DRIVER}/20261123T100000-u.log.gz is damaged" in output.error


def test_an_object_that_expires_before_it_is_read_is_named_and_hides_no_other(
    logs: SparkLogs, run, monkeypatch
) -> None:
    key = logs.ship(FIRST, "20261123T100000", "gone")
    logs.ship(SECOND, "20261123T100001", "kept")
    listed = LogBucket.objects

    def list_then_expire(bucket: LogBucket, *arguments) -> list[LogObject]:
        found = list(listed(bucket, *arguments))
        logs.client.delete_object(Bucket=BUCKET, Key=key)
        return found

    monkeypatch.setattr(LogBucket, "objects", list_then_expire)
    output = run()
    assert texts(output.lines) == ["kept"]
    assert f"{key} expired while it was to be read" in output.error


def test_the_summary_counts_lines_objects_and_pods_on_standard_error(logs: SparkLogs, run) -> None:
    logs.ship(DRIVER, "20261123T100000", "a", "b", role="driver")
    logs.ship(DRIVER, "20261123T100100", "c", role="driver")
    logs.ship(FIRST, "20261123T100100", "d")
    output = run("--grep", "[ad]")
    assert "2 of 4 lines printed, from 3 objects" in output.error
    assert f"of 2 pods in s3://{BUCKET}/spark/{NAMESPACE}/{APPLICATION}/" in output.error


def test_no_line_is_exit_code_1_and_says_where_it_looked_and_where_else_to_look(logs: SparkLogs, run) -> None:
    output = run()
    assert (output.code, output.lines) == (1, [])
    assert f"s3://{BUCKET}/spark/*/{APPLICATION}/" in output.error
    assert "spark_upload_interval_minutes" in output.error
    assert f"s3://{BUCKET}/spark-unlabelled/, by namespace and pod, which is empty" in output.error
    logs.put(f"spark-unlabelled/{NAMESPACE}/etl-driver/20261123T100000-main-u.log.gz", gzip.compress(b"x\n"))
    assert "which holds some" in run().error


def test_lines_of_which_none_is_asked_for_are_exit_code_1_without_a_hint(logs: SparkLogs, run) -> None:
    logs.ship(DRIVER, "20261123T100000", "a", role="driver")
    output = run("--grep", "z")
    assert (output.code, output.lines) == (1, [])
    assert "0 of 1 lines printed" in output.error
    assert "unlabelled" not in output.error


def test_a_terminal_gets_each_pod_in_a_colour_of_its_own_unless_it_asks_for_none(
    logs: SparkLogs, run, monkeypatch
) -> None:
    logs.ship(FIRST, "20261123T100000", "a")
    assert "\x1b" not in "".join(run().lines)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    (line,) = run().lines
    assert line.startswith("\x1b[")
    assert line.endswith(f"executor/{FIRST}\x1b[0m a")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "".join(run().lines)


def test_what_is_not_an_object_of_the_agent_is_left_alone(logs: SparkLogs, run) -> None:
    logs.ship(DRIVER, "20261123T100000", "a", role="driver")
    for key in ("notes.txt", "driver/x/20261399T100000-u.log.gz", "driver/x/readme.log.gz"):
        logs.put(f"spark/{NAMESPACE}/{APPLICATION}/{key}", b"not a log")
    assert texts(run().lines) == ["a"]
