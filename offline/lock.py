"""One run at a time on a stack, and safe clearing of what a killed run left behind.

The lock is an advisory lock of the operating system, so it goes when its process goes, however that ends. Leaves out
Windows, where Python has no `fcntl`.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline.errors import BusyError
from offline.processes import is_alive


@contextmanager
def hold(directory: Path, stack: str, verb: str) -> Iterator[None]:
    """Hold the stack while the context lasts.

    Raises:
        BusyError: when another process holds it; the message names the process and how to end it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise BusyError(_busy(stack, file.read().strip() or "unknown")) from None
        file.truncate(0)
        file.write(f"{os.getpid()} ({verb})")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def clear_stale_engine_locks(locks: Path, stack: str) -> None:
    """Remove the engine's own locks on a stack where the process that took them is gone.

    This is what `pulumi cancel` does for a state in files, restricted to locks that nobody can still hold.

    Raises:
        BusyError: when a live `pulumi` process holds one.
    """
    for lock in sorted(locks.glob("*.json")):
        process = int(json.loads(lock.read_text() or "{}").get("pid", 0))
        if process and is_alive(process):
            raise BusyError(_busy(stack, f"{process} (pulumi)"))
        lock.unlink(missing_ok=True)


def _busy(stack: str, holder: str) -> str:
    number = holder.split(maxsplit=1)[0]
    return (
        f"Stack {stack} is in use by process {holder}.\n"
        f"Wait until it ends, or end it with `kill -INT {number}`; the lock goes with the process."
    )
