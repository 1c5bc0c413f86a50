"""An ordinary `pulumi` session on the offline state: providers in the background, and what the shell needs.

`eval "$(python -m offline env dev)"`, then `pulumi preview --stack dev` in the project's root, by the same CLI and on
the same state as the other verbs. The CLI reads the engine's copy of the stack file, so it writes into that.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from offline.charts import find_charts
from offline.checks.kubernetes.program import find_program
from offline.checks.yunikorn.program import find_queue_reader
from offline.engine import OfflineEngine
from offline.errors import EngineError
from offline.processes import is_alive
from offline.progress import Say
from offline.pulumi_cli import find_pulumi

_START_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


class Session:
    """Providers that outlive this process, for one stack.

    Args:
        engine: whose state the session works on.
        stack: its name.
    """

    def __init__(self, engine: OfflineEngine, stack: str) -> None:
        engine.project.require(stack)
        self._engine, self._stack = engine, stack
        self._file = engine.directory(stack) / "session.json"

    def exports(self, report: Say) -> str:
        """Lines for `eval` that make a shell's `pulumi` work offline; starts what is not running yet."""
        binaries = find_pulumi(report) / "bin"
        # The background process would have to be waited for while it builds.
        find_program(report)
        find_charts(report)
        find_queue_reader(report)
        copy = self._engine.ensure_stack(self._stack)
        running = self._running() or self._start()
        variables = self._engine.variables() | {
            "PATH": os.pathsep.join([str(binaries), os.environ.get("PATH", "")]),
            **running["variables"],
            "PULUMI_OPTION_CONFIG_FILE": str(copy),
        }
        if shutil.which("pulumi-language-python", path=variables["PATH"]) is not None:
            # The CLI's own host runs the program in a process of its own, which is what an ordinary session means.
            del variables["PULUMI_DEBUG_LANGUAGES"]
        return "\n".join(f"export {key}={shlex.quote(value)}" for key, value in sorted(variables.items()))

    def stop(self) -> None:
        """End the background process, if there is one, and wait until it has."""
        running = self._running()
        self._file.unlink(missing_ok=True)
        if running is None:
            return
        os.kill(running["process"], signal.SIGTERM)
        deadline = time.monotonic() + _START_SECONDS
        while is_alive(running["process"]) and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)

    def _running(self) -> dict[str, Any] | None:
        """What the background process wrote of itself, if it is alive."""
        try:
            written = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return None
        return written if is_alive(written["process"]) else None

    def _start(self) -> dict[str, Any]:
        self._file.unlink(missing_ok=True)
        log = self._file.with_suffix(".log")
        command = [sys.executable, "-m", "offline.background"]
        command += ["--project", str(self._engine.project.root), "--file", str(self._file)]
        paths = [str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            running = self._running()
            if running is not None:
                return running
            time.sleep(_PAUSE_SECONDS)
        raise EngineError(f"The providers of {self._stack} did not start; {log} says why.")
