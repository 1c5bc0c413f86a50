"""Reads objects of an application as lines in order of time, and counts what it reads."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from botocore.exceptions import ClientError

from moka_logs.bucket import LogBucket
from moka_logs.compressed import DamagedObjectError, lines
from moka_logs.merge import merged
from moka_logs.object_keys import LogObject, Pod
from moka_logs.pod_lines import Line, PodLines, PodState
from moka_logs.prefetch import Prefetch
from moka_logs.read_order import in_read_order
from moka_logs.time_span import earliest, latest


@dataclass
class Tally:
    """What was read.

    Args:
        objects: how many.
        size_bytes: how large they are, compressed.
        lines: how many lines they hold.
        pods: whose they are.
        unread: how many objects could not be read to their end.
    """

    objects: int = 0
    size_bytes: int = 0
    lines: int = 0
    pods: set[Pod] = field(default_factory=set)
    unread: int = 0


class Reading:
    """One run over an application's objects, which may come in several batches.

    Args:
        bucket: where they are.
        warn: told of each object that can't be read; the others are read all the same.
    """

    def __init__(self, bucket: LogBucket, warn: Callable[[str], object]) -> None:
        self._bucket = bucket
        self._warn = warn
        self._states: defaultdict[Pod, PodState] = defaultdict(PodState)
        self.tally = Tally()

    def lines(self, objects: Iterable[LogObject]) -> Iterator[Line]:
        """Lines of a batch in order of time."""
        batch = in_read_order(objects)
        planned = sorted(batch, key=lambda found: (earliest(found), found.pod))
        with Prefetch(self._bucket, planned) as prefetch:
            pods = [
                PodLines(pod, list(group), lambda found: self._read(found, prefetch), self._states[pod])
                for pod, group in itertools.groupby(batch, key=lambda found: found.pod)
            ]
            yield from merged(pods)

    def rest(self) -> Iterator[Line]:
        """Starts of lines whose ends never came, once no batch follows."""
        for pod, state in sorted(self._states.items()):
            if line := PodLines(pod, (), lambda _: iter(()), state).rest():
                yield line

    def _read(self, found: LogObject, prefetch: Prefetch) -> Iterator[bytes]:
        try:
            first = prefetch.take(found)
            self.tally.objects += 1
            self.tally.size_bytes += found.size_bytes
            self.tally.pods.add(Pod(found.pod.role, found.pod.name))
            for line in lines(self._bucket.blocks(found, first)):
                self.tally.lines += 1
                yield line
        except DamagedObjectError as error:
            self.tally.unread += 1
            self._warn(f"{found.key} is damaged: {error}; the lines after the damage are lost")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NoSuchKey":
                raise
            self.tally.unread += 1
            self._warn(f"{found.key} expired while it was to be read")


def since(objects: Iterable[LogObject], time: datetime) -> list[LogObject]:
    """The objects that may hold lines of a time and later, with the one ahead of them in the pod.

    That one may hold the start of a line that ends in the next.
    """
    kept: list[LogObject] = []
    for _, group in itertools.groupby(in_read_order(objects), key=lambda found: found.pod):
        own = list(group)
        first = next((index for index, found in enumerate(own) if latest(found) >= time.replace(microsecond=0)), None)
        if first is not None:
            kept += own[max(first - 1, 0) :]
    return kept
