"""The lines of one pod: its objects one after another, long lines whole, each with the time it sorts by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from moka_logs.line_time import line_time
from moka_logs.object_keys import LogObject, Pod

# The agent ends each piece of a line over 16 KiB with ASCII's unit separator: files/lines.lua of components/logs.
GOES_ON = "\x1f"

EARLIEST = datetime.min.replace(tzinfo=UTC)


class Line(NamedTuple):
    """One line.

    Args:
        time: its own, or that of the line before it in the pod if that is later or it has none.
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
        piece: start of a line whose end has not come yet.
    """

    time: datetime = EARLIEST
    piece: str = ""


@dataclass
class PodLines:
    """Reads a pod's objects in the order of their keys, an object at a time.

    A line never sorts before the one ahead of it in its pod, so a trace stays below its line.

    Args:
        pod: whose lines they are.
        objects: in the order of their keys.
        read: gives the lines of an object.
        state: of earlier objects of this pod; it is kept up to date.
    """

    pod: Pod
    objects: Iterable[LogObject]
    read: Callable[[LogObject], Iterator[str]]
    state: PodState = field(default_factory=PodState)

    def __post_init__(self) -> None:
        self._waiting = list(self.objects)[::-1]
        self._open: Iterator[str] = iter(())
        self._opened: LogObject | None = None

    def next_object(self) -> LogObject | None:
        """The object that is read once the open one has ended."""
        return self._waiting[-1] if self._waiting else None

    def open_next(self) -> None:
        """Start on the next object."""
        self._opened = self._waiting.pop()
        self._open = self.read(self._opened)

    def next_line(self) -> Line | None:
        """The next line of the open object; None at its end."""
        for text in self._open:
            if text.endswith(GOES_ON):
                self.state.piece += text[:-1]
                continue
            whole, self.state.piece = self.state.piece + text, ""
            return self._line(whole)
        return None

    def rest(self) -> Line | None:
        """What is left of a line whose end never came."""
        whole, self.state.piece = self.state.piece, ""
        return self._line(whole) if whole else None

    def _line(self, text: str) -> Line:
        time = line_time(text)
        if time is None and self.state.time == EARLIEST and self._opened is not None:
            time = self._opened.time
        self.state.time = max(self.state.time, time or EARLIEST)
        return Line(self.state.time, self.pod, text)
