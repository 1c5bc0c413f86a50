"""What time a line carries, in every layout that Spark writes."""

from datetime import UTC, datetime

import pytest

from moka_logs.line_time import line_time

TEN = datetime(2026, 11, 23, 10, 0, 1, tzinfo=UTC)
MILLIS = TEN.replace(microsecond=123000)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("26/11/23 10:00:01 INFO SparkContext: Running Spark version 4.1.0", TEN),
        ('{"ts":"2026-11-23T10:00:01.123Z","level":"INFO","msg":"x","logger":"y"}', MILLIS),
        ('{"level":"INFO","timestamp": "2026-11-23T12:00:01.123+0200","message":"x"}', MILLIS),
        ('{"@timestamp":"2026-11-23T10:00:01.123456789Z"}', TEN.replace(microsecond=123456)),
        ("2026-11-23T10:00:01.123Z main INFO x", MILLIS),
        ("2026-11-23 10:00:01,123 INFO x", MILLIS),
        ("[2026-11-23 10:00:01] x", TEN),
        ("2026-11-23T10:00:01-05:00 x", TEN.replace(hour=15)),
    ],
)
def test_a_line_with_a_time(line: str, expected: datetime) -> None:
    assert line_time(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\tat org.apache.spark.Foo(Foo.scala:1)",
        "java.lang.IllegalStateException: 26/11/23 10:00:01",
        "26/13/45 10:00:01 no such day",
        "2026-11-23T10:00:01:99 no such time",
        '{"msg":"he said \\"ts\\":\\"2026-11-23T10:00:01Z\\" to me"}',
        '{"ts":"yesterday, at some time or other"}',
        '{"ts":17}',
        "+ exec /usr/bin/tini -s",
        "126/11/23 10:00:01",
    ],
)
def test_a_line_without_a_time(line: str) -> None:
    assert line_time(line) is None
