"""Directories that comparisons keep: the ones that were used last stay, so that a checkout does not grow for ever."""

import os
import shutil
from pathlib import Path

# A branch and what it is compared with, and a few before them.
MOST = 5


def used(entry: Path) -> Path:
    """Take note that an entry is used now; returns it."""
    os.utime(entry)
    return entry


def prune(directory: Path) -> None:
    """Delete entries of a directory but for those that were used last."""
    entries = sorted(directory.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for entry in entries[MOST:]:
        shutil.rmtree(entry)
