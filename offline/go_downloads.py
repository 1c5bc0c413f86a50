"""Downloads what programs are built from, beside a build of others."""

import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from offline.go_build import GoProgram
from offline.go_toolchain import go_at_hand, go_environment


@contextmanager
def downloading(programs: Iterable[GoProgram], cache: Path) -> Iterator[None]:
    """Download what programs are built from while the context lasts: others compile then, and a line is idle.

    What does not come, or not in time, is left to the build.

    Args:
        programs: in the order in which they will be built.
        cache: where a Go may be.
    """
    running = _Downloads()
    thread = threading.Thread(target=running.run, args=(list(programs), cache), daemon=True)
    thread.start()
    try:
        yield
    finally:
        running.end()
        thread.join()


class _Downloads:
    """Downloads modules one after the other, until told to end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, programs: Sequence[GoProgram], cache: Path) -> None:
        """Download, silently."""
        for program in programs:
            go = go_at_hand(cache, program.module)
            if go is None:
                return
            command = [go, "list", *program.tag_options, "-deps", program.package]
            if not self._start(command, program.module):
                return
            assert self._process is not None
            self._process.wait()

    def end(self) -> None:
        """End what runs, and start no more."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.terminate()

    def _start(self, command: Sequence[str], directory: Path) -> bool:
        with self._lock:
            if not self._ended:
                self._process = subprocess.Popen(
                    command, cwd=directory, env=go_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            return not self._ended
