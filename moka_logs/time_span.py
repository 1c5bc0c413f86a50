"""Which times the lines of an object can be of, from what the pipeline says about the object.

The agent names an object by the second of its first line, and after a restart of the agent by the second of the
restart, for lines that lay on the node. All lines of an object were written before its upload, and before the first
line of the pod's next object. A time outside of that is part of somebody's text, such as a row of a table with old
dates, or a clock that shows local time.

Sources: `s3_key_format` of output s3_spark in components/logs/files/fluent-bit.yaml; Fluent Bit, plugins/out_s3/s3.c
(`file_first_log_time`) and s3_store.c (`first_log_time` of files that an earlier run left).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from moka_logs.object_keys import LogObject

EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

# How much later than its lines an object's key may be, which is what a restart of an agent takes, or of a node.
LOOK_AHEAD = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class TimeSpan:
    """What an object allows.

    Args:
        earliest: earliest time.
        end: the time after the latest.
    """

    earliest: datetime
    end: datetime

    @classmethod
    def of(cls, found: LogObject, following: LogObject | None) -> Self:
        """The span of an object.

        Args:
            found: the object.
            following: the next one of its pod, if there is one.
        """
        last = latest(found)
        if following is not None and following.time >= found.time:
            last = min(last, following.time)
        # Keys and listings tell the second in which it was.
        return cls(earliest(found), min(last.replace(microsecond=0), LATEST - _SECOND) + _SECOND)

    def allows(self, time: datetime) -> bool:
        """Whether a line of the object can be of this time."""
        return self.earliest <= time < self.end


def earliest(found: LogObject) -> datetime:
    """The earliest time of an object's lines."""
    return max(found.time, EARLIEST + LOOK_AHEAD) - LOOK_AHEAD


def latest(found: LogObject) -> datetime:
    """The latest time of an object's lines: its upload, unless the clocks of node and Amazon S3 disagree."""
    if found.uploaded >= found.time:
        return found.uploaded
    return min(found.time, LATEST - LOOK_AHEAD) + LOOK_AHEAD
