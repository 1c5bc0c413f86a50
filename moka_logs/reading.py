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


@dataclass
class Tally:
    """What was read.

    Args:
        objects: how many.
        size_bytes: how large they are, compressed.
        lines: how many lines they hold.
        pods: whose they are.
    """

    objects: int = 0
    size_bytes: int = 0
    lines: int = 0
    pods: set[Pod] = field(default_factory=set)


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
        batch = sorted(objects, key=lambda found: (found.pod, found.key))
        planned = sorted(batch, key=lambda found: (found.time, found.pod))
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

    def _read(self, found: LogObject, prefetch: Prefetch) -> Iterator[str]:
        try:
            first = prefetch.take(found)
            self.tally.objects += 1
            self.tally.size_bytes += found.size_bytes
            self.tally.pods.add(Pod(found.pod.role, found.pod.name))
            for line in lines(self._bucket.blocks(found, first)):
                self.tally.lines += 1
                yield line
        except DamagedObjectError as error:
            self._warn(f"{found.key} is damaged: {error}; the lines after the damage are lost")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NoSuchKey":
                raise
            self._warn(f"{found.key} expired while it was to be read")


def since(objects: Iterable[LogObject], time: datetime) -> list[LogObject]:
    """The objects that may hold lines of a time and later: of each pod, from the last that starts before it."""
    kept: list[LogObject] = []
    ordered = sorted(objects, key=lambda found: (found.pod, found.key))
    for _, group in itertools.groupby(ordered, key=lambda found: found.pod):
        own = list(group)
        earlier = [index for index, found in enumerate(own) if found.time <= time]
        kept += own[max(earlier, default=0) :]
    return kept
