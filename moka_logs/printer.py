"""Prints lines with their pod before them."""

import re
import zlib
from collections import deque
from datetime import datetime
from typing import TextIO

from moka_logs.object_keys import Pod
from moka_logs.pod_lines import Line

# Foreground colours that can be read on light and dark ground.
_COLOURS = (31, 32, 33, 34, 35, 36, 91, 92, 94, 95, 96)


class Printer:
    """Writes those lines that are asked for.

    Args:
        out: where lines go.
        grep: only lines in which this is found.
        since: only lines of this time and later.
        tail: hold lines back, and show no more than so many, until `flush`.
        colour: give each pod a colour.
    """

    def __init__(
        self,
        out: TextIO,
        *,
        grep: re.Pattern[str] | None = None,
        since: datetime | None = None,
        tail: int | None = None,
        colour: bool = False,
    ) -> None:
        self._out, self._grep, self._since, self._colour = out, grep, since, colour
        self._held: deque[Line] | None = None if tail is None else deque(maxlen=tail)
        self.printed = 0

    def show(self, line: Line) -> None:
        """One line, if it is asked for."""
        if self._since is not None and line.time < self._since:
            return
        if self._grep is not None and not self._grep.search(line.text):
            return
        if self._held is None:
            self._write(line)
        else:
            self._held.append(line)

    def flush(self) -> None:
        """Write what was held back, and hold no more."""
        held, self._held = self._held or (), None
        for line in held:
            self._write(line)
        self._out.flush()

    def _write(self, line: Line) -> None:
        self._out.write(f"{self._named(line.pod)} {line.text}\n")
        self.printed += 1

    def _named(self, pod: Pod) -> str:
        if not self._colour:
            return str(pod)
        # The same colour in every run.
        return f"\x1b[{_COLOURS[zlib.crc32(pod.name.encode()) % len(_COLOURS)]}m{pod}\x1b[0m"
