"""The way back from finished files and fragments to one event log."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.paginate
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from moka_logs.event_log_cli import main
from moka_logs.event_log_merge import Count, merge

APPLICATION = "spark-3b1f0e6a2c4d4e5f9a8b7c6d5e4f3a2b"
# What stacks/Pulumi.dev.yaml says, written out.
BUCKET = "moka-dev-spark-events-222222222222-us-east-1"
NAME = f"eventlog_v2_{APPLICATION}"
LOG = f"teams/spark-analytics/{NAME}"


def event(number: int, name: str = "SparkListenerTaskEnd") -> str:
    # Spark writes characters as they are, also those at which Unicode ends a line.
    held = {"Event": name, "Task ID": number, "Text": "größer ✓\u2028\x85"}
    return json.dumps(held, separators=(",", ":"), ensure_ascii=False)


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@dataclass
class Events:
    """The bucket of environment dev."""

    client: Any

    def finish(self, number: int, *lines: str) -> None:
        """A file that Spark closed."""
        self.client.put_object(Bucket=BUCKET, Key=f"{LOG}/events_{number}_{APPLICATION}", Body=text(*lines))

    def ship(self, block: str, time: str, body: bytes, unique: str = "a1b2c3d4") -> None:
        """A fragment as the log agent uploads it."""
        key = f"fragments/{APPLICATION}/{block}/{time}-{unique}.jsonl.gz"
        self.client.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(body), ContentEncoding="gzip")


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Iterator[Events]:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key=f"{LOG}/", Body=b"")
        client.put_object(Bucket=BUCKET, Key=f"{LOG}/appstatus_{APPLICATION}.inprogress", Body=b"")
        yield Events(client)


@pytest.fixture
def join(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> "Join":
    """Runs the command and gives its exit code, the lines of the file, and what it said."""

    def run(*more: str) -> tuple[int, list[str], str]:
        out = tmp_path / "logs" / "log"
        code = main([APPLICATION, "--stack", "dev", "--out", str(out), *more])
        return code, out.read_text().removesuffix("\n").split("\n") if out.exists() else [], capsys.readouterr().err

    return run


Join = Callable[..., tuple[int, list[str], str]]


def test_events_of_the_open_file_come_back_from_fragments(events: Events, join: Join) -> None:
    events.finish(1, event(1), event(2))
    events.ship("block-1", "20261123T100000", text(event(1), event(2)))
    events.ship("block-2", "20261123T100100", text(event(3)) + event(4).encode()[:20])

    code, lines, said = join()

    assert (code, lines) == (0, [event(1), event(2), event(3)])
    assert "3 events, 2 from 1 finished files and 1 more from 2 fragments, which repeat 2; 1 torn" in said
    assert "no event says that the application ended" in said


def test_files_are_in_the_order_of_their_numbers(events: Events, join: Join) -> None:
    for number in (10, 9, 1, 2):
        events.finish(number, event(number))
    assert join()[1] == [event(1), event(2), event(9), event(10)]


def test_blocks_follow_each_other_and_their_fragments_are_in_order_of_time(events: Events, join: Join) -> None:
    events.ship("block-b", "20261123T100500", text(event(4)))
    events.ship("block-b", "20261123T100100", text(event(1)))
    events.ship("block-b", "20261123T100600", text(event(5)))
    events.ship("block-a", "20261123T100550", text(event(6)))
    events.ship("block-a", "20261123T100650", text(event(7)))
    assert join()[1] == [event(number) for number in (1, 4, 5, 6, 7)]


def test_what_an_agent_sent_again_after_a_restart_counts_once(events: Events, join: Join) -> None:
    events.ship("block-1", "20261123T100000", text(event(1), event(2)))
    events.ship("block-1", "20261123T100030", text(event(1), event(2), event(3)))
    assert join()[1] == [event(1), event(2), event(3)]


def test_a_log_that_ended_is_its_finished_files(events: Events, join: Join) -> None:
    end = event(2, "SparkListenerApplicationEnd")
    events.finish(1, event(1), event(1), end)
    events.ship("block-1", "20261123T100000", text(event(1), end))
    code, lines, said = join()
    assert (code, lines) == (0, [event(1), event(1), end])
    assert said.rstrip().endswith("; the application ended")


def test_other_applications_and_other_files_are_left_out(events: Events, join: Join) -> None:
    events.finish(1, event(1))
    for key in (
        f"{LOG}x/events_1_{APPLICATION}x",
        f"fragments/{APPLICATION}x/block/20261123T100000-a.jsonl.gz",
        f"fragments/{APPLICATION}/notes.txt",
        f"{LOG}/events_one_{APPLICATION}",
    ):
        events.client.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(text(event(9))))
    assert join()[1] == [event(1)]


def test_a_log_at_the_root_is_found_where_earlier_releases_wrote(events: Events, join: Join) -> None:
    for each in events.client.list_objects_v2(Bucket=BUCKET, Prefix=LOG)["Contents"]:
        events.client.delete_object(Bucket=BUCKET, Key=each["Key"])
    events.client.put_object(Bucket=BUCKET, Key=f"{NAME}/events_1_{APPLICATION}", Body=text(event(1)))
    assert join()[:2] == (0, [event(1)])


def test_a_log_that_another_team_calls_the_same_is_not_mixed_with_it(events: Events, join: Join) -> None:
    events.finish(1, event(1))
    forged = f"teams/spark-ads/{NAME}/events_2_{APPLICATION}"
    events.client.put_object(Bucket=BUCKET, Key=forged, Body=text(event(666)))
    code, lines, said = join()
    assert (code, lines) == (2, [])
    assert f"teams/spark-ads/{NAME}/, {LOG}/: name its --team" in said
    assert join("--team", "analytics")[:2] == (0, [event(1)])


def test_a_team_that_may_not_list_fragments_has_the_finished_files_and_is_told(
    events: Events, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    events.finish(1, event(1))
    events.ship("block-1", "20261123T100000", text(event(2)))
    paginator: Any = botocore.paginate.Paginator
    paginate = paginator.paginate

    def as_a_team(self: Any, **asked: Any) -> Any:
        if not asked["Prefix"].startswith("teams/spark-analytics/"):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListObjectsV2")
        return paginate(self, **asked)

    monkeypatch.setattr(paginator, "paginate", as_a_team)
    code, lines, said = join("--team", "analytics")
    assert (code, lines) == (0, [event(1)])
    assert said.rstrip().endswith("; fragments, which may hold more, are for readers of all teams")


def test_a_damaged_fragment_gives_what_it_can_and_is_named(events: Events, join: Join) -> None:
    noise = [event(number) + " " * random.Random(number).randrange(99) for number in range(2000)]
    key = f"fragments/{APPLICATION}/block-1/20261123T100000-a.jsonl.gz"
    whole = gzip.compress(text(*noise))
    events.client.put_object(Bucket=BUCKET, Key=key, Body=whole[: len(whole) // 2])
    events.ship("block-2", "20261123T100100", text(event(5000)))
    code, lines, said = join()
    assert code == 0
    assert lines[-1] == event(5000)
    assert lines[:-1] == noise[: len(lines) - 1]
    assert f"{key} is damaged" in said


def test_events_keep_bytes_that_are_no_utf_8_and_their_carriage_returns(events: Events, tmp_path: Path) -> None:
    odd = [b'{"Event":"a","Text":"\xff\xe2\x82"}', b'{"Event":"b"}\r', b'{"Event":"c","Text":"\xed\xa0\x80"}']
    events.client.put_object(Bucket=BUCKET, Key=f"{LOG}/events_1_{APPLICATION}", Body=odd[0] + b"\n")
    events.ship("block-1", "20261123T100000", b"".join(line + b"\n" for line in odd))
    out = tmp_path / "log"
    assert main([APPLICATION, "--stack", "dev", "--out", str(out)]) == 0
    assert out.read_bytes() == b"".join(line + b"\n" for line in odd)


def test_a_plan_that_nests_deeper_than_python_reads_is_an_event_where_it_is_whole(events: Events, join: Join) -> None:
    whole = '{"Event":"plan","children":' + "[" * 100_000 + '"]}\\""' + "]" * 100_000 + "}"
    torn = [whole[:-1], whole.replace("]]", "]", 1), f"{whole}}}", whole[1:], f'{whole[:-1]}"}}']
    events.ship("block-1", "20261123T100000", text(event(1), whole, *torn, event(2)))
    code, lines, said = join()
    assert (code, lines) == (0, [event(1), whole, event(2)])
    assert f"{len(torn)} torn lines left out" in said


def test_a_compressed_log_is_refused_with_the_reason(events: Events, join: Join) -> None:
    events.client.put_object(Bucket=BUCKET, Key=f"{LOG}/events_1_{APPLICATION}.zstd", Body=b"(")
    code, lines, said = join()
    assert (code, lines) == (4, []), "there are events, and they can't be joined"
    assert "spark.eventLog.compress" in said


@pytest.mark.usefixtures("events")
def test_nothing_to_join_leaves_no_file_behind(join: Join, tmp_path: Path) -> None:
    code, _, said = join()
    assert code == 1
    assert f"holds no event of {APPLICATION}" in said
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_file_that_exists_is_not_overwritten(events: Events, join: Join, tmp_path: Path) -> None:
    events.finish(1, event(1))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log").write_text("mine")
    code, lines, said = join()
    assert (code, lines) == (2, ["mine"])
    assert "exists already" in said


@pytest.mark.usefixtures("events")
def test_a_refusal_of_aws_is_exit_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([APPLICATION, "--stack", "dev", "--bucket", "nobodys", "--out", str(tmp_path / "log")])
    assert code == 3
    assert "Bucket nobodys does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["local-1", "--stack", "dev", "--out", "x"], "label spark-app-selector"),
        ([APPLICATION, "--stack", "nowhere", "--out", "x"], "invalid choice"),
        ([APPLICATION, "--stack", "dev"], "--out"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err


@given(st.integers(0, 60), st.integers(0, 60), st.lists(st.integers(1, 9), max_size=20), st.randoms())
def test_every_event_that_was_flushed_comes_back_once_whatever_was_sent_twice(
    total: int, finished: int, cuts: list[int], chance: random.Random
) -> None:
    """The agent sends every line at least once, in order, and after a restart goes back a little."""
    log = [event(number).encode() for number in range(total)]
    finished = min(finished, total)
    sent, at = [], 0
    for cut in [*cuts, total]:
        step = log[at : at + cut]
        sent += step
        at += len(step)
        if step and chance.random() < 0.3:
            at = max(0, at - chance.randrange(3))
    sent += log[at:]
    count = Count()

    assert list(merge(log[:finished], [*sent, event(total).encode()[:-5]], count)) == log
    assert (count.finished, count.recovered, count.torn) == (finished, total - finished, 1)
