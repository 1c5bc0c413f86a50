"""How long a command takes."""

import subprocess
import time
from collections.abc import Collection, Sequence

from components.settings import STACKS


def seconds_of(command: Sequence[str], *, codes: Collection[int] = (0,)) -> float:
    """Wall time of a command in the project's directory.

    Args:
        command: the words.
        codes: with which it may end.

    Raises:
        RuntimeError: when it ends otherwise; the message is what it said.
    """
    started = time.perf_counter()
    done = subprocess.run(command, cwd=STACKS.parent, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return time.perf_counter() - started
