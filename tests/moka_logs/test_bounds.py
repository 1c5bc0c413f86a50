"""What keeps a run over thousands of objects small and fast: blocks, a bounded look ahead, no more."""

import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import IncompleteReadError
from botocore.response import StreamingBody
from hypothesis import given
from hypothesis import strategies as st

from moka_logs import prefetch
from moka_logs.bucket import BLOCK_BYTES, LogBucket
from moka_logs.compressed import lines
from moka_logs.merge import merged
from moka_logs.object_keys import LogObject, Pod
from moka_logs.pod_lines import PodLines
from moka_logs.prefetch import Prefetch
from moka_logs.read_order import in_read_order
from moka_logs.reading import Reading, since
from moka_logs.time_span import LOOK_AHEAD
from tests.moka_logs.conftest import APPLICATION, BUCKET, NAMESPACE, SparkLogs

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def object_of(pod: str, minute: int, uploaded: int | None = None) -> LogObject:
    """An object of the lines of a minute, by default uploaded at its end."""
    until = NOON + timedelta(minutes=minute + 1 if uploaded is None else uploaded)
    return LogObject(f"{pod}/{minute:04}", Pod("executor", pod), NOON + timedelta(minutes=minute), 100, until)


class CountingBucket(LogBucket):
    """Objects that each hold one line, and how many were asked for."""

    def __init__(self) -> None:
        super().__init__(None, "counting")
        self.fetched: list[str] = []
        self._lock = threading.Lock()

    def first_block(self, found: LogObject) -> bytes:
        with self._lock:
            self.fetched.append(found.key)
        return zlib.compress(f"{found.key}\n".encode(), wbits=31)


def test_a_pod_is_opened_only_when_the_order_comes_near_its_time() -> None:
    opened: list[str] = []

    def read(found: LogObject) -> Iterator[bytes]:
        opened.append(found.key)
        yield f"{found.time:%y/%m/%d %H:%M:%S} x".encode()

    far = 2 * LOOK_AHEAD // timedelta(minutes=1)
    found = [object_of("a", 0), object_of("b", 1), object_of("c", far)]
    order = merged(PodLines(each.pod, [each], read) for each in found)
    assert next(order).pod.name == "a"
    assert opened == ["a/0000", "b/0001"], "pod b may hold a line as early as pod a's, pod c can't"
    assert [line.pod.name for line in order] == ["b", "c"]


def test_only_so_many_objects_are_fetched_ahead() -> None:
    bucket, found = CountingBucket(), [object_of("a", minute) for minute in range(50)]
    with Prefetch(bucket, found, ahead=5) as ahead:
        for count, each in enumerate(found, 1):
            ahead.take(each)
            assert len(ahead._fetched) <= 5
            assert len(bucket.fetched) <= count + 5
    assert sorted(bucket.fetched) == sorted(each.key for each in found), "each object once"


def test_objects_are_fetched_while_earlier_ones_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(4, timeout=30)

    class Slow(CountingBucket):
        def first_block(self, found: LogObject) -> bytes:
            together.wait()
            return super().first_block(found)

    monkeypatch.setattr(prefetch, "THREADS", 4)
    found = [object_of("a", minute) for minute in range(8)]
    with Prefetch(Slow(), found) as ahead:
        assert [lines_of(ahead.take(each)) for each in found] == [[each.key] for each in found]


def lines_of(block: bytes) -> list[str]:
    return [line.decode() for line in lines([block])]


@given(st.permutations(range(12)), st.integers(1, 4))
def test_any_order_of_taking_gets_every_object_once(order: list[int], ahead: int) -> None:
    bucket, found = CountingBucket(), [object_of("a", minute) for minute in range(12)]
    with Prefetch(bucket, found, ahead=ahead) as fetched:
        assert [lines_of(fetched.take(found[index])) for index in order] == [[found[index].key] for index in order]
    assert len(bucket.fetched) == 12


@given(st.lists(st.lists(st.integers(0, 600), min_size=1, max_size=8), min_size=1, max_size=6), st.integers(1, 4))
def test_lines_come_in_order_of_time_and_in_the_order_of_their_pod(minutes: list[list[int]], per_object: int) -> None:
    written: dict[str, list[str]] = {}
    found: list[LogObject] = []
    content: dict[str, list[bytes]] = {}
    for number, unordered in enumerate(minutes):
        pod, own = f"p{number}", sorted(unordered)
        written[pod] = [f"{NOON + timedelta(minutes=m):%y/%m/%d %H:%M:%S} {i}" for i, m in enumerate(own)]
        for start in range(0, len(own), per_object):
            held = own[start : start + per_object]
            each = object_of(pod, held[0], held[-1])
            each = replace(each, key=f"{each.key}-{start:03}")
            found.append(each)
            content[each.key] = [line.encode() for line in written[pod][start : start + per_object]]
    ordered = in_read_order(found)
    printed = list(
        merged(
            PodLines(pod, [each for each in ordered if each.pod == pod], lambda each: iter(content[each.key]))
            for pod in {each.pod for each in found}
        )
    )
    assert [line.time for line in printed] == sorted(line.time for line in printed)
    for pod, own in written.items():
        assert [line.text for line in printed if line.pod.name == pod] == own


def test_a_large_object_is_asked_for_in_blocks_and_a_small_one_whole(logs: SparkLogs) -> None:
    small, large = b"x" * BLOCK_BYTES, b"y" * (2 * BLOCK_BYTES + 1)
    asked: list[str | None] = []
    logs.client.meta.events.register(
        "before-parameter-build.s3.GetObject", lambda params, **_: asked.append(params.get("Range"))
    )
    bucket = LogBucket(logs.client, BUCKET)
    for body, time in ((small, "100000"), (large, "100001")):
        key = logs.put(f"spark/{NAMESPACE}/{APPLICATION}/driver/d/20261123T{time}-u.log.gz", body)
        found = logs.object(key)
        assert b"".join(bucket.blocks(found, bucket.first_block(found))) == body
    ranges = [f"bytes={start * BLOCK_BYTES}-{(start + 1) * BLOCK_BYTES - 1}" for start in range(3)]
    assert asked == [None, *ranges]


@given(st.lists(st.text(alphabet="ab \u00e9\x1f\r", max_size=40), max_size=30), st.integers(1, 50))
def test_lines_are_the_same_however_the_bytes_are_cut(expected: list[str], size: int) -> None:
    body = zlib.compress("".join(f"{line}\n" for line in expected).encode(), wbits=31)
    found = lines(body[start : start + size] for start in range(0, len(body), size))
    assert [line.decode() for line in found] == expected


def test_objects_on_every_page_of_the_listing_are_found(logs: SparkLogs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    for second in range(10, 20):
        logs.ship("a", f"20261123T1000{second}", str(second))
    assert logs.client.list_objects_v2(Bucket=BUCKET)["IsTruncated"]
    bucket = LogBucket(logs.client, BUCKET)
    printed = Reading(bucket, pytest.fail).lines(bucket.objects(NAMESPACE, APPLICATION))
    assert [line.text for line in printed] == [str(second) for second in range(10, 20)]


def test_an_object_may_hold_later_lines_until_its_upload_and_the_one_before_it_the_start_of_a_line() -> None:
    found = [object_of("a", 0, 5), object_of("a", 5, 10), object_of("a", 10, 20), object_of("a", 20), object_of("b", 3)]
    kept = since(found, NOON + timedelta(minutes=15))
    assert [each.key for each in kept] == ["a/0005", "a/0010", "a/0020"]


def test_an_object_that_waited_on_the_node_may_hold_later_lines_though_one_read_after_it_starts_earlier() -> None:
    left, read_since = object_of("a", 10, 11), object_of("a", 4, 12)
    kept = since([read_since, left], NOON + timedelta(minutes=11, seconds=30))
    assert [each.key for each in kept] == [left.key, read_since.key]


def test_an_answer_that_breaks_off_is_asked_for_again(logs: SparkLogs, monkeypatch: pytest.MonkeyPatch) -> None:
    found = logs.object(logs.ship("a", "20261123T100000", "whole"))
    read, failures = StreamingBody.read, iter([True, True, False])

    def breaking(body: StreamingBody, amt: int | None = None) -> bytes:
        if next(failures):
            raise IncompleteReadError(actual_bytes=1, expected_bytes=2)
        return read(body, amt)

    monkeypatch.setattr(StreamingBody, "read", breaking)
    assert lines_of(LogBucket(logs.client, BUCKET).first_block(found)) == ["whole"]
