"""Starts a cluster's programs in order, watches them, and ends them all when one ends or when it is told to.

It holds a lock of the operating system for as long as it runs, so whether a cluster is up is never a guess, and its
programs end with it however it ends: the kernel tells them. Leaves out restarting: a control plane that loses a part is
a fault to look at, and the next start goes on from what is stored.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private
from local_cluster.process import Process

STARTING, READY, FAILED = "starting", "ready", "failed"

_READY_SECONDS = 90.0
# An API server waits for clients that do not go by themselves, such as those in containers. Nothing is lost with it.
_STOP_SECONDS = 5.0
_LOOK_SECONDS = 0.1
_TAIL_LINES = 8
_STACK_LINES = 60
_GIVING_UP = ("panic:", "fatal error:", '{"level":"panic"', '{"level":"fatal"')


class StartError(Exception):
    """A program ended, or does not become ready."""


class Supervisor:
    """The programs of one cluster, as children of this process.

    Args:
        directory: the cluster's.
        processes: in the order in which they start; they end in the opposite one.
    """

    def __init__(self, directory: ClusterDirectory, processes: Sequence[Process]) -> None:
        self._directory, self._processes = directory, processes
        self._running: list[tuple[Process, subprocess.Popen[bytes]]] = []
        self._ended = threading.Event()

    def run(self) -> int:
        """Start everything, and stay until told to end; the exit code is 0 only then."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self._directory.stop_request.unlink(missing_ok=True)
        try:
            for process in self._processes:
                self._say(STARTING, process.name)
                self._start(process)
            self._say(READY)
            self._watch()
        except StartError as error:
            self._say(FAILED, str(error))
            return 1
        finally:
            self._stop()
        self._directory.status.unlink(missing_ok=True)
        return 0

    def _start(self, process: Process) -> None:
        with self._directory.log_of(process.name).open("ab") as log:
            child = subprocess.Popen(
                [*_die_with_the_supervisor(), *process.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **process.environment},
                cwd=process.directory or self._directory.root,
                # Its signals are the supervisor's to send, Ctrl-C in a terminal included.
                start_new_session=True,
                pass_fds=process.inherited,
            )
        self._running.append((process, child))
        deadline = time.monotonic() + _READY_SECONDS
        while not process.is_ready():
            self._look()
            if self._ended.is_set():
                return
            if time.monotonic() > deadline:
                raise StartError(f"{process.name} is not ready after {_READY_SECONDS:.0f} s.{self._tail(process)}")
            time.sleep(_LOOK_SECONDS)

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._look()
            if self._directory.stop_request.exists():
                self._ended.set()

    def _look(self) -> None:
        for process, child in self._running:
            code = child.poll()
            if code is not None:
                how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
                raise StartError(f"{process.name} {how}.{self._tail(process)}")

    def _tail(self, process: Process) -> str:
        log = self._directory.log_of(process.name)
        lines = _end_of(log.read_text(errors="replace").strip().splitlines())
        return "".join([f" The end of {log}:", *(f"\n    {line}" for line in lines)]) if lines else f" See {log}."

    def _stop(self) -> None:
        for _, child in reversed(self._running):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._directory.stop_request.unlink(missing_ok=True)

    def _say(self, state: str, detail: str = "") -> None:
        children = {process.name: child.pid for process, child in self._running}
        write_status(
            self._directory, {"state": state, "detail": detail, "supervisor": os.getpid(), "processes": children}
        )

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ended.set()


def _end_of(lines: Sequence[str]) -> Sequence[str]:
    """The last lines, or those with which a program of Go gave up: what follows them is its stack."""
    last = lines[-_STACK_LINES:]
    start = next((number for number, line in enumerate(last) if line.startswith(_GIVING_UP)), len(last))
    return last[start:][:_TAIL_LINES] or last[-_TAIL_LINES:]


def write_status(directory: ClusterDirectory, status: dict[str, Any]) -> None:
    """Write in one step, so that a reader never sees half of it."""
    write_private(directory.status, json.dumps(status))


def read_status(directory: ClusterDirectory) -> dict[str, Any]:
    """What a cluster says of itself; empty when it says nothing."""
    try:
        return json.loads(directory.status.read_text())
    except (OSError, ValueError):
        return {}


def hold(directory: ClusterDirectory) -> IO[str] | None:
    """Take the cluster's lock, which goes with the process or the file's closing; None when another holds it."""
    file = directory.lock.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _die_with_the_supervisor() -> Sequence[str]:
    """What a program is started through where the kernel can be told to kill it when the supervisor is gone.

    Source: setpriv(1) of util-linux, `--pdeathsig`; prctl(2), PR_SET_PDEATHSIG.
    """
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL", "--"] if found else []


def programs_of(texts: Sequence[str]) -> dict[str, Path]:
    """Programs as `name=path`, the way in which they are handed to a process of their own."""
    return {name: Path(path) for name, _, path in (text.partition("=") for text in texts)}
