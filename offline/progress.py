"""Signs of life during long steps, on standard error so that standard output stays a command's result."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_INTERVAL_SECONDS = 15.0

Say = Callable[[str], None]


def say(line: str) -> None:
    """Print one line for the person who is waiting."""
    print(line, file=sys.stderr, flush=True)


def silent(line: str) -> None:
    """Print nothing; for callers that report for themselves."""


@contextmanager
def step(
    what: str, report: Say = say, detail: Callable[[], str] = str, *, quiet_if_short: bool = False
) -> Iterator[None]:
    """Announce a long step, say every 15 seconds how long it has taken, and say when it is done.

    Args:
        what: the step, as the start of a sentence.
        report: where lines go.
        detail: what to add to each line, such as how many resources are done.
        quiet_if_short: say nothing about a step that ends before the first sign of life.
    """
    start, done = time.monotonic(), threading.Event()
    spoken = not quiet_if_short

    def beat() -> None:
        nonlocal spoken
        while not done.wait(_INTERVAL_SECONDS):
            spoken = True
            report(f"{what}: {time.monotonic() - start:.0f} s {detail()}".rstrip())

    if spoken:
        report(f"{what} ...")
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if spoken:
        report(f"{what}: done in {time.monotonic() - start:.0f} s")
