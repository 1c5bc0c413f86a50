"""Where tools are kept between checkouts: the user's cache, `$XDG_CACHE_HOME/moka` or `~/.cache/moka`.

A tool lives in a directory with `bin/` in it, named by the tool and its version. Nothing half-made is ever left there.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offline.progress import Say, step


def cache_directory() -> Path:
    """The cache; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "moka"


@contextmanager
def alone(what: str, report: Say) -> Iterator[None]:
    """Keep other processes from making tools at the same time; they wait, and then find them.

    Args:
        what: the tool, for those who wait.
        report: where signs of life go.
    """
    cache_directory().mkdir(parents=True, exist_ok=True)
    with (cache_directory() / "lock").open("w") as file:
        with step(f"waiting for another process that makes {what}", report, quiet_if_short=True):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
