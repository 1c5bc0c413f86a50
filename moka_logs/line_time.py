"""When a line was written, from what the line itself says.

Knows the JSON layouts of Spark's logging (a time in ISO 8601 near the start), Spark's text pattern
(`yy/MM/dd HH:mm:ss`) and lines that begin with an ISO 8601 time. A time without a zone is taken for UTC, which is what
containers run in. Leaves out times in the middle of a line.

Source: Apache Spark, conf/log4j2.properties.template and conf/log4j2-json-layout.properties.template.
"""

import re
from datetime import UTC, datetime

# A quote inside a JSON text is escaped, so these names can't be part of a message.
_JSON = re.compile(r'^\{.{0,200}?"(?:ts|timestamp|@timestamp|time)" ?: ?"(?P<time>[^"\\]{19,40})"')
_SPARK = re.compile(r"^(?P<time>\d\d/\d\d/\d\d \d\d:\d\d:\d\d)\b")
_ISO = re.compile(
    r"^\[?(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)(?![\d:])", re.ASCII
)
_FRACTION = re.compile(r"(?<=:\d\d)[.,](\d{1,6})\d*")


def line_time(line: str) -> datetime | None:
    """The time that a line carries; None for one that goes on from the line before, as a stack trace does."""
    if line.startswith("{"):
        match = _JSON.match(line)
        return _iso(match["time"]) if match else None
    if match := _SPARK.match(line):
        return _parsed(match["time"], "%y/%m/%d %H:%M:%S")
    match = _ISO.match(line)
    return _iso(match["time"]) if match else None


def _iso(text: str) -> datetime | None:
    """An ISO 8601 time, to the microsecond."""
    try:
        time = datetime.fromisoformat(_FRACTION.sub(lambda match: f".{match[1]:0<6}", text))
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        # No time, or one that is not in UTC's years from 1 to 9999.
        return None


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None
