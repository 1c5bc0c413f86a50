"""Where a line goes: by its own time where its object allows that, after a restart of the agent too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from annotated_types import Le

from components.logs.settings import LogsSettings
from moka_logs.cli import main
from moka_logs.object_keys import LogObject, Pod
from moka_logs.read_order import UPLOAD_INTERVAL, in_read_order
from moka_logs.time_span import EARLIEST, LATEST, LOOK_AHEAD, TimeSpan
from tests.moka_logs.conftest import APPLICATION, SparkLogs

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
PRETENDED = [
    "31/01/01 00:00:00 INFO another year",
    "2031-01-01 00:00:00,000 another year",
    '{"timestamp":"2031-01-01T00:00:00.000Z","message":"another year"}',
    "1999-12-31T23:59:59Z,42,a row of a table",
    "26/11/23 12:00:00 INFO a clock of another zone",
    "26/11/23 08:00:00 INFO a clock of another zone",
    "0001-01-01T00:00:00+14:00 before all calendars",
    "9999-12-31T23:59:59-14:00 after them",
]


def minutes(start: float, uploaded: float, name: str = "") -> LogObject:
    """An object of a pod by minutes after ten."""
    time = TEN + timedelta(minutes=start)
    return LogObject(name or f"{start:05}", Pod("driver", "d"), time, 1, TEN + timedelta(minutes=uploaded))


def names(*found: LogObject) -> list[str]:
    return [each.key for each in in_read_order(found)]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    main([APPLICATION, "--stack", "dev", *arguments])
    return [line.partition(" ")[2] for line in capsys.readouterr().out.split("\n")[:-1]]


@pytest.mark.parametrize("pretended", PRETENDED)
def test_a_time_that_its_object_does_not_allow_moves_neither_its_line_nor_those_that_follow(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str], pretended: str
) -> None:
    logs.ship("a", "20261123T100000", "26/11/23 10:00:00 a1", pretended, "26/11/23 10:00:20 a2")
    logs.ship("a", "20261123T100100", pretended, "26/11/23 10:01:20 a3")
    logs.ship("b", "20261123T100010", "26/11/23 10:00:10 b1", "26/11/23 10:00:30 b2", "26/11/23 10:01:10 b3")
    b1, b2, b3 = (f"26/11/23 {time} b{number}" for number, time in enumerate(("10:00:10", "10:00:30", "10:01:10"), 1))
    a1, a2, a3 = (f"26/11/23 {time} a{number}" for number, time in enumerate(("10:00:00", "10:00:20", "10:01:20"), 1))
    assert printed(capsys) == [a1, pretended, b1, a2, b2, pretended, b3, a3]


@pytest.mark.parametrize("pretended", PRETENDED)
def test_a_time_that_its_object_does_not_allow_neither_hides_its_line_nor_shows_it(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str], pretended: str
) -> None:
    logs.ship("a", "20261123T100000", pretended, "26/11/23 10:00:20 early")
    logs.ship("a", "20261123T100500", pretended, "26/11/23 10:05:20 late")
    assert printed(capsys, "--since", "2026-11-23T10:03:00") == [pretended, "26/11/23 10:05:20 late"]


def test_a_time_between_key_and_upload_is_believed_and_none_after_the_next_object_begins() -> None:
    found, following = minutes(0, 120), minutes(20, 121)
    span = TimeSpan.of(found, following)
    assert span.allows(TEN - LOOK_AHEAD)
    assert not span.allows(TEN - LOOK_AHEAD - timedelta(microseconds=1))
    assert span.allows(following.time + timedelta(seconds=0.9)), "keys tell seconds"
    assert not span.allows(following.time + timedelta(seconds=1))
    assert TimeSpan.of(found, None).allows(found.uploaded)
    assert not TimeSpan.of(found, None).allows(found.uploaded + timedelta(seconds=1))


def test_an_upload_before_the_keys_time_says_that_a_clock_is_wrong_and_bounds_nothing() -> None:
    span = TimeSpan.of(minutes(0, -60), None)
    assert span.allows(TEN + LOOK_AHEAD)
    assert not span.allows(TEN + LOOK_AHEAD + timedelta(seconds=1))


@pytest.mark.parametrize("time", [EARLIEST, LATEST])
def test_keys_at_the_ends_of_the_calendar_have_a_span(time: datetime) -> None:
    found = replace(minutes(0, 1), time=time)
    assert TimeSpan.of(found, None).allows(time.replace(microsecond=0))


def test_what_an_agent_left_behind_goes_before_what_it_read_after_its_restart() -> None:
    before, left, backlog, after = minutes(0, 1), minutes(5, 5.1), minutes(2, 6.2), minutes(6.3, 7.3)
    assert names(after, backlog, left, before) == [before.key, left.key, backlog.key, after.key]
    assert [each.time for each in in_read_order([backlog, left])] == [backlog.time] * 2


def test_a_row_of_restarts_keeps_its_order() -> None:
    row = [minutes(10 * number, 10 * number + 1) for number in range(1, 12)]
    assert names(*row[::-1], minutes(5, 115)) == [each.key for each in (*row, minutes(5, 115))]


def test_keys_decide_in_a_copy_whose_uploads_are_those_of_the_copy() -> None:
    days = 1440
    copies = [minutes(0, days + 3), minutes(1, days + 1), minutes(2, days + 2)]
    assert names(*copies) == [each.key for each in copies]
    put_again = [minutes(0, days), minutes(1, 2), minutes(2, 3)]
    assert names(*put_again) == [each.key for each in put_again]


def test_uploads_decide_between_keys_of_the_same_second() -> None:
    assert names(minutes(0, 1, "b"), minutes(0, 0.5, "z"), minutes(0, 2, "a")) == ["z", "b", "a"]


def test_an_object_left_behind_waits_for_the_longest_upload_interval_that_settings_allow() -> None:
    (longest,) = (
        each.le for each in LogsSettings.model_fields["spark_upload_interval_minutes"].metadata if isinstance(each, Le)
    )
    assert timedelta(minutes=float(str(longest))) == UPLOAD_INTERVAL
    left, backlog = minutes(5, 5.1), minutes(2, 5.1 + float(str(longest)))
    assert names(backlog, left) == [left.key, backlog.key]


def test_a_line_cut_by_a_kill_is_whole_though_keys_put_its_end_first(
    logs: SparkLogs, capsys: pytest.CaptureFixture[str]
) -> None:
    end, start = "✓ goes on".encode()[1:], b"26/11/23 10:00:00 the line with " + "✓".encode()[:1] + b"\x1f"
    logs.ship("a", "20261123T100500", "26/11/23 09:59:59 left", start, uploaded="20261123T100502")
    logs.ship("a", "20261123T100000", end, "26/11/23 10:04:00 backlog", uploaded="20261123T100610")
    logs.ship("b", "20261123T100100", "26/11/23 10:01:00 other")
    assert printed(capsys) == [
        "26/11/23 09:59:59 left",
        "26/11/23 10:00:00 the line with ✓ goes on",
        "26/11/23 10:01:00 other",
        "26/11/23 10:04:00 backlog",
    ]
