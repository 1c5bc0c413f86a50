"""Runs the `pulumi` CLI so that Ctrl-C ends it in order: the engine finishes what it is doing and saves its state."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

_OWN_VARIABLES = "PULUMI_"


@dataclass(frozen=True)
class Result:
    """What one command answered."""

    code: int
    output: str
    errors: str


class CommandLine:
    """The CLI at `binaries/pulumi`; `interrupted` is set by the first Ctrl-C, `killed` by the second.

    The caller's `PULUMI_*` variables don't reach it: a shell set up for an ordinary session must not change what an
    offline run does.

    Args:
        binaries: directory of the CLI.
        directory: where it runs: that of `Pulumi.yaml`.
        environment: variables it gets beside the caller's.
    """

    def __init__(self, binaries: Path, directory: Path, environment: Mapping[str, str]) -> None:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(_OWN_VARIABLES)}
        path = os.pathsep.join([str(binaries), inherited.get("PATH", "")])
        self._environment = {**inherited, **environment, "PATH": path}
        self._command, self._directory = str(binaries / "pulumi"), directory
        self._process: subprocess.Popen[str] | None = None
        self.interrupted = self.killed = False

    def run(self, *arguments: str) -> Result:
        """Run one command to its end, in a process group of its own."""
        with subprocess.Popen(
            [self._command, "--non-interactive", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._directory,
            env=self._environment,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            self._process = process
            output, errors = process.communicate()
            self._process = None
        return Result(process.returncode, output, errors)

    @contextmanager
    def ending_in_order(self, announce: Callable[[str], None]) -> Iterator[None]:
        """Pass Ctrl-C and termination on to the engine while the context lasts; a second one ends it at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def forward(_number: int, _frame: FrameType | None) -> None:
            first, self.interrupted = not self.interrupted, True
            self.killed = not first
            process = self._process
            if first:
                announce("Stopping: waiting for the engine to save its state. Ctrl-C again stops at once.")
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGINT if first else signal.SIGKILL)

        previous = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
