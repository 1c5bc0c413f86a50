"""The process that keeps the emulated providers running behind a shell: `python -m offline.background`.

It writes its process id and ports into a file once it serves, and ends when it is told to, when that file is gone or
names another process, or after twelve hours.
"""

import argparse
import json
import os
import signal
import threading
import time
from pathlib import Path

from offline.checks.judges import all_judges, closing
from offline.checks.ledger import Ledger
from offline.program import InlineProgram
from offline.project import Project
from offline.providers.servers import serve

_LIFETIME_SECONDS = 12 * 3600
_LOOK_SECONDS = 2.0


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    options = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    judges = all_judges()
    # Nobody asks at the end of an ordinary session's preview, so a mistake fails its resource at once.
    ledger = Ledger(judges, refuses_at_once=True)
    with (
        closing(judges),
        serve(InlineProgram(options.project, Project(options.project).code), [ledger.check]) as announced,
    ):
        _write(options.file, {"process": os.getpid(), "variables": announced})
        deadline = time.monotonic() + _LIFETIME_SECONDS
        while not ended.wait(_LOOK_SECONDS) and time.monotonic() < deadline and _is_ours(options.file):
            pass
    if _is_ours(options.file):
        options.file.unlink(missing_ok=True)


def _write(file: Path, content: dict[str, object]) -> None:
    """Write in one step, so that a reader never sees half of it."""
    scratch = file.with_suffix(".new")
    scratch.write_text(json.dumps(content))
    scratch.rename(file)


def _is_ours(file: Path) -> bool:
    try:
        return json.loads(file.read_text())["process"] == os.getpid()
    except (OSError, ValueError, KeyError):
        return False


if __name__ == "__main__":
    main()
