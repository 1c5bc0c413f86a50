"""Makes one event log of finished files and fragments: every event once, in order, and nothing that is torn."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

# Enough that two of a billion lines never meet, and a tenth of what whole lines would take.
_DIGEST_BYTES = 16


@dataclass
class Count:
    """What a merge saw.

    Args:
        finished: events from finished files.
        recovered: events that only fragments hold.
        repeated: lines of fragments that were there already.
        torn: lines that are no whole event, such as the last one of a driver that was killed.
        ended: whether the last event says that the application ended.
    """

    finished: int = 0
    recovered: int = 0
    repeated: int = 0
    torn: int = 0
    ended: bool = False


def merge(finished: Iterable[str], fragments: Iterable[str], count: Count) -> Iterator[str]:
    """Events of one application, one a line.

    A line of a finished file stands for itself, even twice. A fragment's line counts when no line before is the same:
    the agent ships lines of files that Spark finished later, and after a restart some lines again. Spark gives no two
    events that matter the same text, because they carry times and numbers.

    Args:
        finished: lines of finished files, in order.
        fragments: lines of fragments, in order.
        count: told of each line.
    """
    seen: set[bytes] = set()
    for line in finished:
        if not _is_event(line):
            count.torn += 1
            continue
        seen.add(_digest(line))
        count.finished += 1
        count.ended = _ends(line)
        yield line
    for line in fragments:
        if not _is_event(line):
            count.torn += 1
            continue
        digest = _digest(line)
        if digest in seen:
            count.repeated += 1
            continue
        seen.add(digest)
        count.recovered += 1
        count.ended = _ends(line)
        yield line


def _digest(line: str) -> bytes:
    return blake2b(line.encode(), digest_size=_DIGEST_BYTES).digest()


def _is_event(line: str) -> bool:
    try:
        value = json.loads(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "Event" in value


def _ends(line: str) -> bool:
    return line.startswith('{"Event":"SparkListenerApplicationEnd"')
