"""Makes one event log of finished files and fragments: every event once, in order, and nothing that is torn."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from moka_logs.text import decoded

# Enough that two of a billion lines never meet, and a tenth of what whole lines would take.
_DIGEST_BYTES = 16

_NAME = b'{"Event":"'
_TEXT_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|["\[\]{}]')


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


def merge(finished: Iterable[bytes], fragments: Iterable[bytes], count: Count) -> Iterator[bytes]:
    """Events of one application, one a line, byte for byte as they were written.

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


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=_DIGEST_BYTES).digest()


def _is_event(line: bytes) -> bool:
    try:
        value = json.loads(decoded(line))
    except RecursionError:
        # A plan of hundreds of steps nests deeper than Python's parser goes.
        return line.startswith(_NAME) and _closes_at_its_end(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "Event" in value


def _closes_at_its_end(line: bytes) -> bool:
    depth = end = 0
    for match in _TEXT_OR_BRACKET.finditer(line):
        depth += (match[0] in b"[{") - (match[0] in b"]}")
        end = match.end()
        if depth <= 0 or match[0] == b'"':
            break
    return depth == 0 and end == len(line)


def _ends(line: bytes) -> bool:
    return line.startswith(_NAME + b'SparkListenerApplicationEnd"')
