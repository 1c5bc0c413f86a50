"""Whether another process is still there."""

import os
from pathlib import Path


def is_alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for yet does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(process) != "Z"


def _state(process: int) -> str:
    """The process's state letter, where the system shows it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[-1].split()[0]
    except OSError:
        return ""
