"""The order in which an agent read the lines of a pod's objects, from their keys and the times of their upload.

One agent uploads a pod's objects one after another as it reads their lines, so both tell the order, in seconds. They
differ after a restart: what an agent finds in its store has the time of the restart in its key and goes first, and what
it reads then, which was written later, has the time of its first line. There the upload is right. In a copy of a bucket
the times of upload are those of the copy, and the key is. So an upload counts where it came soon after the key's time,
against those that followed within an upload interval.

Leaves out objects that an agent that was killed left several of: they have one time in their keys, are uploaded within
seconds, and in any order.

Source: Fluent Bit, plugins/out_s3/s3.c: `flush_init` uploads what is left over, `put_all_chunks` names it by
`create_time`, which s3_store.c sets at the start.
"""

import itertools
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from moka_logs.object_keys import LogObject
from moka_logs.time_span import LOOK_AHEAD

# The longest that logs.spark_upload_interval_minutes may be.
UPLOAD_INTERVAL = timedelta(hours=1)


def in_read_order(objects: Iterable[LogObject]) -> list[LogObject]:
    """Objects by pod, and those of a pod as their lines were read, which puts their times in order too.

    An object that goes before one of an earlier time gets that time, since its lines were written before.
    """
    uploaded = sorted(objects, key=lambda found: (found.pod, found.uploaded, found.time, found.key))
    placed = [
        found for _, group in itertools.groupby(uploaded, key=lambda found: found.pod) for found in _placed(list(group))
    ]
    # What has the same time stays as it was uploaded.
    return sorted(placed, key=lambda found: (found.pod, found.time))


def _placed(own: Sequence[LogObject]) -> list[LogObject]:
    """A pod's objects, each with its key's time or an earlier one of an object that was uploaded after it."""
    placed: list[LogObject] = []
    # Those within the interval of which none nearer has an earlier time: the last one's is the earliest.
    later: deque[LogObject] = deque()
    for each in reversed(own):
        found = each
        while later and later[-1].uploaded - found.uploaded > UPLOAD_INTERVAL + LOOK_AHEAD:
            later.pop()
        at_once = found.time <= found.uploaded and found.uploaded - found.time <= LOOK_AHEAD
        if later and at_once and later[-1].time < found.time:
            found = replace(found, time=later[-1].time)
        while later and later[0].time >= found.time:
            later.popleft()
        later.appendleft(found)
        placed.append(found)
    return placed[::-1]
