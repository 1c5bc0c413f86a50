"""Programs as children of this process: started, asked whether they are ready, watched, and ended.

They end with it however it ends: the kernel tells them. Leaves out restarting: a control plane that loses a part is a
fault to look at.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from local_cluster.directory import ClusterDirectory
from local_cluster.process import Process

LOOK_SECONDS = 0.1
_READY_SECONDS = 90.0
# An API server waits for clients that do not go by themselves, such as those in containers. Nothing is lost with it.
_STOP_SECONDS = 5.0
_TAIL_LINES = 8
_STACK_LINES = 60
_GIVING_UP = ("panic:", "fatal error:", '{"level":"panic"', '{"level":"fatal"')


class StartError(Exception):
    """A program ended, or does not become ready."""


class Children:
    """Programs of one cluster.

    Args:
        directory: the cluster's, where their logs go.
        is_ended: whether nobody waits for a program to become ready any more.
    """

    def __init__(self, directory: ClusterDirectory, is_ended: Callable[[], bool] = lambda: False) -> None:
        self._directory, self._is_ended = directory, is_ended
        self._running: list[tuple[Process, subprocess.Popen[bytes]]] = []

    @property
    def numbers(self) -> Mapping[str, int]:
        """Process numbers by the programs' names."""
        return {process.name: child.pid for process, child in self._running}

    def start(self, process: Process) -> None:
        """Start a program, and wait until it is ready.

        Raises:
            StartError: when it or another one ends, or it does not become ready; the message has the end of its log.
        """
        with self._directory.log_of(process.name).open("ab") as log:
            child = subprocess.Popen(
                [*_die_with_this_process(), *process.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **process.environment},
                cwd=process.directory or self._directory.root,
                # Its signals are this process's to send, Ctrl-C in a terminal included.
                start_new_session=True,
                pass_fds=process.inherited,
            )
        self._running.append((process, child))
        deadline = time.monotonic() + _READY_SECONDS
        while not process.is_ready():
            self.look()
            if self._is_ended():
                return
            if time.monotonic() > deadline:
                raise StartError(f"{process.name} is not ready after {_READY_SECONDS:.0f} s.{self._tail(process)}")
            time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Raise `StartError` when one has ended."""
        for process, child in self._running:
            code = child.poll()
            if code is not None:
                how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
                raise StartError(f"{process.name} {how}.{self._tail(process)}")

    def stop(self) -> None:
        """End them all, the last first."""
        for _, child in reversed(self._running):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _tail(self, process: Process) -> str:
        log = self._directory.log_of(process.name)
        lines = _end_of(log.read_text(errors="replace").strip().splitlines())
        return "".join([f" The end of {log}:", *(f"\n    {line}" for line in lines)]) if lines else f" See {log}."


def _end_of(lines: Sequence[str]) -> Sequence[str]:
    """The last lines, or those with which a program of Go gave up: what follows them is its stack."""
    last = lines[-_STACK_LINES:]
    start = next((number for number, line in enumerate(last) if line.startswith(_GIVING_UP)), len(last))
    return last[start:][:_TAIL_LINES] or last[-_TAIL_LINES:]


def _die_with_this_process() -> Sequence[str]:
    """What a program is started through where the kernel can be told to kill it when this process is gone.

    Source: setpriv(1) of util-linux, `--pdeathsig`; prctl(2), PR_SET_PDEATHSIG.
    """
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL", "--"] if found else []
