"""Signs of life during long steps, on standard error so that standard output stays a command's result.

In a terminal a line at its foot moves; elsewhere, as in a pipeline's log, whole lines tell of a step now and then.
"""

import importlib
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from offline.terminal.moving_lines import MovingLines

_INTERVAL_SECONDS = 15.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Standing:
    """How far a step is.

    Args:
        note: what goes on just now.
        done: how many of what it works on are finished.
        total: how many there will be; 0 where nobody knows.
        what: of what, in the plural.
    """

    note: str = ""
    done: int = 0
    total: int = 0
    what: str = ""

    def __str__(self) -> str:
        # Estimates can be short.
        of_all = f" of {self.total}" if self.total >= self.done and self.total else ""
        return ", ".join(filter(None, (f"{self.done}{of_all} {self.what}" if self.what else "", self.note)))


def say(line: str) -> None:
    """Print one line for the person who is waiting."""
    lines = _moving_lines()
    if lines is not None and lines.is_shown:
        lines.say(line)
    else:
        print(line, file=sys.stderr, flush=True)


def silent(line: str) -> None:
    """Print nothing; for callers that report for themselves."""


@contextmanager
def step(
    what: str, report: Say = say, detail: Callable[[], Standing] = Standing, *, quiet_if_short: bool = False
) -> Iterator[None]:
    """Announce a long step, show how far it is while it lasts, and say when it is done.

    Args:
        what: the step, as the start of a sentence.
        report: where lines go.
        detail: how far it is.
        quiet_if_short: say nothing about a step that ends before the first sign of life.
    """
    lines = _moving_lines() if report is say else None
    start = time.monotonic()
    if lines is not None:
        with lines.showing(what, detail):
            yield
        spoken = not quiet_if_short or time.monotonic() - start >= _INTERVAL_SECONDS
    else:
        with _telling(what, report, detail, start, quiet_if_short=quiet_if_short) as told:
            yield
        spoken = told.is_set()
    if spoken:
        report(f"{what}: done in {time.monotonic() - start:.0f} s")


@contextmanager
def _telling(
    what: str, report: Say, detail: Callable[[], Standing], start: float, *, quiet_if_short: bool
) -> Iterator[threading.Event]:
    """Lines of a step while it lasts; gives whether there was one."""
    told, done = threading.Event(), threading.Event()

    def beat() -> None:
        while not done.wait(_INTERVAL_SECONDS):
            told.set()
            report(f"{what}: {time.monotonic() - start:.0f} s {detail()}".rstrip())

    if not quiet_if_short:
        told.set()
        report(f"{what} ...")
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        done.set()
        thread.join()


_shown: dict[int, "MovingLines"] = {}


def _moving_lines() -> "MovingLines | None":
    """Those at the foot of this process's terminal; nothing where lines can't move.

    Processes that work side by side for one command share its terminal, and each would write over the others' lines.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb" or multiprocessing.parent_process():
        return None
    # Importing it takes a moment, which is only worth it where somebody looks.
    lines = importlib.import_module("offline.terminal.moving_lines")
    # Threads that begin a step at the same time get the same lines.
    return _shown.setdefault(os.getpid(), lines.MovingLines())
