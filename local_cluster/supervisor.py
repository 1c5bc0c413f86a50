"""Starts a cluster's programs in order, watches them, and ends them all when one ends or when it is told to.

It holds a lock of the operating system for as long as it runs, so whether a cluster is up is never a guess. Leaves out
restarting: the next start goes on from what is stored.
"""

import fcntl
import json
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

from local_cluster.children import LOOK_SECONDS, Children, StartError
from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private
from local_cluster.process import Process

STARTING, READY, FAILED = "starting", "ready", "failed"


class Supervisor:
    """The programs of one cluster, as children of this process.

    Args:
        directory: the cluster's.
        processes: in the order in which they start; they end in the opposite one.
    """

    def __init__(self, directory: ClusterDirectory, processes: Sequence[Process]) -> None:
        self._directory, self._processes = directory, processes
        self._ended = threading.Event()
        self._children = Children(directory, self._is_to_end)

    def run(self) -> int:
        """Start everything, and stay until told to end; the exit code is 0 only then."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        try:
            for process in self._processes:
                if self._is_to_end():
                    break
                self._say(STARTING, process.name)
                self._children.start(process)
            else:
                self._say(READY)
                self._watch()
        except StartError as error:
            self._say(FAILED, str(error))
            return 1
        finally:
            self._children.stop()
            self._directory.stop_request.unlink(missing_ok=True)
        self._directory.status.unlink(missing_ok=True)
        return 0

    def _watch(self) -> None:
        while not self._is_to_end():
            self._children.look()
            self._ended.wait(LOOK_SECONDS)

    def _is_to_end(self) -> bool:
        # Whoever starts a cluster takes an old request away before, so that one which comes at once is not lost.
        return self._ended.is_set() or self._directory.stop_request.exists()

    def _say(self, state: str, detail: str = "") -> None:
        numbers = dict(self._children.numbers)
        write_status(
            self._directory, {"state": state, "detail": detail, "supervisor": os.getpid(), "processes": numbers}
        )

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ended.set()


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


def programs_of(texts: Sequence[str]) -> dict[str, Path]:
    """Programs as `name=path`, the way in which they are handed to a process of their own."""
    return {name: Path(path) for name, _, path in (text.partition("=") for text in texts)}
