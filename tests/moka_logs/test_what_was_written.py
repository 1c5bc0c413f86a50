"""Lines come out as they went in, whatever they look like and wherever runtime and agent cut them."""

import contextlib
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from moka_logs.arguments import Request
from moka_logs.bucket import LogBucket
from moka_logs.cli import run
from moka_logs.place import Place
from moka_logs.pod_lines import Line
from moka_logs.reading import Reading
from moka_logs.text import show_any_text
from moka_logs.time_span import LOOK_AHEAD
from tests.moka_logs.conftest import APPLICATION, NAMESPACE
from tests.moka_logs.pipeline import Bucket, Stored, Written, an_object, pieces, stored

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLACED = "\ufffd".encode()

ODD = [
    b"",
    b"\r",
    b"50%\r100%\r",
    b"\0",
    b"a\0b\0",
    b"\x1f",
    b"ends in the sign\x1f",
    b"\x1f\x1f",
    b"\xff\xfe",
    b"\xe2\x82",
    b"\xed\xa0\x80",
    "é✓ größer 😀".encode(),
    "one\u2028two\u2029three\x85four\x0bfive\x0csix\x1cseven\x1deight\x1e".encode(),
    b"2026-11-23T12:00:00.000000000Z stdout F a line within a line",
    b"2031-01-01T00:00:00.000000000Z stderr P of another year",
    b"1999-12-31 23:59:59 a row of an old table",
    b"0001-01-01T00:00:00+14:00 before the calendar",
    b"9999-12-31T23:59:59-14:00 after it",
    b"99/01/01 00:00:00 INFO of Spark's other century",
    b'{"timestamp":"2031-01-01T00:00:00.000Z","level":"INFO","message":"later"}',
    b'{"ts":"1970-01-01T00:00:00Z"}',
    b'{"log":"a line of another agent","time":"2031-01-01T00:00:00Z"}',
    b"driver/a pretends to be printed",
    b"\x1b[31mred\x1b[0m",
]
lines = st.one_of(st.sampled_from(ODD), st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")))


@dataclass(frozen=True)
class Shipped:
    """A pod's lines and its objects; for each line the object in which it ends."""

    written: list[Written]
    objects: list[Stored]
    homes: list[Stored]


def stamped(line: Written) -> Written:
    """The line with the time that it was written at."""
    return Written(line.time, f"{line.time:%Y-%m-%dT%H:%M:%S.%fZ} ".encode() + line.text)


@st.composite
def shipped(draw: st.DrawFn, pod: str, *, honest: bool = False) -> Shipped:
    """Lines of a pod, cut into pieces and objects anywhere, through outages of S3 and restarts of the agent."""
    time, written = NOON + draw(st.integers(0, 1200)) * timedelta(seconds=1), list[Written]()
    for text in draw(st.lists(lines, min_size=1, max_size=8)):
        time += draw(st.sampled_from([0, 0.001, 0.3, 1, 40])) * timedelta(seconds=1)
        written.append(stamped(Written(time, text)) if honest else Written(time, text))
    size = draw(st.integers(2, 30))
    records = [(number, *piece) for number, line in enumerate(written) for piece in pieces(line, size)]
    objects, ends, free, restarted = list[Stored](), dict[int, Stored](), NOON, False
    while records:
        count = draw(st.integers(1, len(records)))
        held, records = records[:count], records[count:]
        body = [stored(tag, text) for _, _, tag, text in held]
        unique = f"{draw(st.integers(0, 99)):02}{len(objects)}"
        ready = max(free, held[-1][1])
        if leftover := draw(st.booleans()):
            key_time = ready + draw(st.integers(0, 300)) * timedelta(seconds=1)
            uploaded = key_time + draw(st.integers(1, 300)) * timedelta(seconds=1)
        else:
            # Right after a restart what was read is uploaded within the interval; else Amazon S3 may refuse for hours.
            waits = [1, 60, 3600] if restarted else [1, 60, 20_000]
            key_time, uploaded = held[0][1], ready + draw(st.sampled_from(waits)) * timedelta(seconds=1)
        restarted, free = leftover, uploaded + timedelta(seconds=1)
        objects.append(an_object(pod, key_time, uploaded, body, unique))
        ends |= {number: objects[-1] for number, *_ in held}
    return Shipped(written, objects, [ends[number] for number in range(len(written))])


def printed(objects: Sequence[Stored]) -> bytes:
    """What the command writes to a stream in UTF-8."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    show_any_text(out)
    with contextlib.redirect_stderr(io.StringIO()):
        run(Request(APPLICATION, "dev", NAMESPACE), LogBucket(Bucket(objects), "b"), Place("b", "r"), out)
    return out.buffer.getvalue()  # type: ignore[attr-defined]


def read(objects: Sequence[Stored]) -> list[Line]:
    """What it sorts."""
    bucket = LogBucket(Bucket(objects), "b")
    return list(Reading(bucket, pytest.fail).lines(bucket.objects(NAMESPACE, APPLICATION)))


@settings(deadline=None)
@given(st.tuples(shipped("a"), shipped("b"), shipped("c", honest=True)))
def test_any_lines_come_out_as_they_were_written_and_in_the_order_of_their_pod(pods: tuple[Shipped, ...]) -> None:
    out = defaultdict[bytes, list[bytes]](list)
    for line in printed([each for pod in pods for each in pod.objects]).split(b"\n")[:-1]:
        name, _, text = line.partition(b" ")
        out[name].append(text)
    # Fluent Bit's output for S3 takes a NUL for the end of everything.
    expected = [[line.text.replace(b"\0", REPLACED) for line in pod.written] for pod in pods]
    assert out == dict(zip([b"driver/a", b"driver/b", b"driver/c"], expected, strict=True))


@settings(deadline=None)
@given(st.tuples(shipped("a"), shipped("b"), shipped("c", honest=True)))
def test_pods_come_in_order_of_times_that_are_never_outside_of_what_objects_allow(pods: tuple[Shipped, ...]) -> None:
    found = read([each for pod in pods for each in pod.objects])
    assert [line.time for line in found] == sorted(line.time for line in found)
    for name, pod in zip("abc", pods, strict=True):
        times = [line.time for line in found if line.pod.name == name]
        for time, home in zip(times, pod.homes, strict=True):
            # What an agent left behind it names by its restart, and what it read then by an earlier time.
            start = min(each.time for each in pod.objects[pod.objects.index(home) :])
            assert start - LOOK_AHEAD <= time < home.uploaded + timedelta(seconds=1)


@settings(deadline=None)
@given(shipped("c", honest=True), shipped("d", honest=True))
def test_lines_that_say_when_they_were_written_are_believed_after_a_restart_too(one: Shipped, other: Shipped) -> None:
    ended = [each for pod in (one, other) for each in zip(pod.written, pod.homes, strict=True)]
    assume(all(home.time - line.time <= LOOK_AHEAD for line, home in ended))
    found = [line.time for line in read([*one.objects, *other.objects])]
    assert found == sorted(line.time for line, _ in ended)
