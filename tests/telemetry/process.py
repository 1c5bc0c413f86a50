"""A program that runs beside the test, with its output at hand when something goes wrong."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

_STOP_SECONDS = 20
_POLL_SECONDS = 0.2
_TAIL = 4000


def wait_until(what: str, seconds: float, happened: Callable[[], bool], detail: Callable[[], str] = str) -> None:
    """Look again and again until something is so.

    Raises:
        AssertionError: when it is not in time; the message says what was waited for, and the detail.
    """
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s. {detail()}"
        time.sleep(_POLL_SECONDS)


def answers(url: str) -> bool:
    """Whether a URL is answered with success."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


class Process:
    """Runs inside `with`; its environment is PATH and what is given.

    Args:
        name: for messages and for the file of its output.
        command: program and arguments.
        directory: for that file.
        environment: more variables.
        ready: URL that answers when the program is ready.
    """

    def __init__(
        self, name: str, command: Sequence[str | Path], directory: Path, environment: Mapping[str, str], ready: str
    ) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self.ready = ready
        self._command = [str(each) for each in command]
        self._environment = {"PATH": os.environ.get("PATH", ""), **environment}

    def __enter__(self) -> "Process":
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=subprocess.STDOUT, env=self._environment, cwd=self.log.parent
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for the program's answer.

        Raises:
            AssertionError: when it ends or stays silent; the message has the end of its output.
        """

        def ended_or_ready() -> bool:
            return self._process.poll() is not None or answers(self.ready)

        wait_until(f"{self.name} is ready", seconds, ended_or_ready, self.output)
        assert self._process.poll() is None, f"{self.name} ended with {self._process.returncode}:\n{self.output()}"

    def reload(self) -> None:
        """Ask it to read its configuration again."""
        self._process.send_signal(signal.SIGHUP)

    def output(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-_TAIL:]
