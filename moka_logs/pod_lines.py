"""The lines of one pod: its objects one after another, long lines whole, each with the time it sorts by."""

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from moka_logs.line_time import line_time
from moka_logs.object_keys import LogObject, Pod
from moka_logs.text import decoded
from moka_logs.time_span import EARLIEST, TimeSpan

# The agent ends each piece of a line over 16 KiB with ASCII's unit separator: files/lines.lua of components/logs.
GOES_ON = b"\x1f"

# How far into an object the first time is looked for that says when its lines begin.
_LINES_AHEAD = 100


class Line(NamedTuple):
    """One line.

    Args:
        time: its own where its object allows that; else, or if that is later, the one of the line before it in the pod.
        pod: who wrote it.
        text: the line.
    """

    time: datetime
    pod: Pod
    text: str


@dataclass
class PodState:
    """What of a pod's lines so far matters for those that follow.

    Args:
        time: time of the latest line.
        key_time: the key's time of the latest object.
        pieces: start of a line whose end has not come yet.
    """

    time: datetime = EARLIEST
    key_time: datetime = EARLIEST
    pieces: list[bytes] = field(default_factory=list[bytes])


class _Timed(NamedTuple):
    """A line's text and the time that it says, if it may be of that time."""

    text: str
    time: datetime | None


@dataclass
class PodLines:
    """Reads a pod's objects in the order of their lines, an object at a time.

    A line never sorts before the one ahead of it in its pod, so a trace stays below its line. Nor does it sort outside
    of what its object allows, whatever it says: a time that can't be its own counts as none.

    Args:
        pod: whose lines they are.
        objects: in the order of their lines.
        read: gives the lines of an object.
        state: of earlier objects of this pod; it is kept up to date.
    """

    pod: Pod
    objects: Iterable[LogObject]
    read: Callable[[LogObject], Iterator[bytes]]
    state: PodState = field(default_factory=PodState)

    def __post_init__(self) -> None:
        self._waiting = list(self.objects)[::-1]
        self._ahead: deque[_Timed] = deque()
        self._open: Iterator[_Timed] = iter(())

    def next_object(self) -> LogObject | None:
        """The object that is read once the open one has ended."""
        return self._waiting[-1] if self._waiting else None

    def open_next(self) -> None:
        """Start on the next object.

        Its first lines may have no time. They are of the key's, or earlier where one that follows says so.
        """
        opened = self._waiting.pop()
        self._open = self._timed(opened, TimeSpan.of(opened, self.next_object()))
        self.state.key_time = start = opened.time
        for line in itertools.islice(self._open, _LINES_AHEAD):
            self._ahead.append(line)
            if line.time is not None:
                start = min(start, line.time)
                break
        # An object may hold no more than pieces of a line that began long ago.
        if self._ahead:
            self.state.time = max(self.state.time, start)

    def next_line(self) -> Line | None:
        """The next line of the open object; None at its end."""
        found = self._ahead.popleft() if self._ahead else next(self._open, None)
        if found is None:
            return None
        self.state.time = max(self.state.time, found.time or EARLIEST)
        return Line(self.state.time, self.pod, found.text)

    def rest(self) -> Line | None:
        """What is left of a line whose end never came."""
        if not self.state.pieces:
            return None
        return Line(max(self.state.time, self.state.key_time), self.pod, self._whole(b""))

    def _timed(self, opened: LogObject, span: TimeSpan) -> Iterator[_Timed]:
        for stored in self.read(opened):
            if stored.endswith(GOES_ON):
                self.state.pieces.append(stored[:-1])
                continue
            text = self._whole(stored)
            time = line_time(text)
            yield _Timed(text, time if time is not None and span.allows(time) else None)

    def _whole(self, last: bytes) -> str:
        """A line of which the last piece has come; pieces are joined first, as they may be cut inside a character."""
        whole = b"".join((*self.state.pieces, last))
        self.state.pieces.clear()
        return decoded(whole)
