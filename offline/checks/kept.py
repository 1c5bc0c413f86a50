"""Answers that judges gave, kept from one process to the next: most of a stack is the same in each run of it.

A line for each in a file of the user's cache that only the user reads. Another version of whoever answers begins anew.
"""

import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from offline.tool_cache import cache_directory

_PREFIX = "judged-"
# Each stack has a few hundred, and each change of it adds some; what a chart renders to is the longest of them.
_MOST_BYTES = 64 * 1024 * 1024


def digest_of(*texts: str) -> str:
    """One digest of several texts."""
    found = hashlib.sha256()
    for each in texts:
        found.update(f"{len(each)}:{each}".encode())
    return found.hexdigest()


class KeptAnswers:
    """What one judge was asked, and what came of it.

    Args:
        judge: whose answers, as a part of a file's name.
        version: of all that decides on an answer beside the question, asked with the first one.
    """

    def __init__(self, judge: str, version: Callable[[], str]) -> None:
        self._judge, self._version = judge, version

    def answer_to(self, digest: str) -> Any:
        """The answer that was kept, as JSON holds it; None where there is none."""
        try:
            return json.loads(self._known.get(digest, "null"))
        except ValueError:
            # The process that wrote it was ended.
            return None

    def keep(self, digest: str, answer: Any) -> None:
        """Keep an answer, unless it holds something that would come back as something else."""
        try:
            text = json.dumps(answer)
        except TypeError:
            return
        self._known[digest] = text
        file = self._file
        file.parent.mkdir(parents=True, exist_ok=True)
        # Appended in one call, so that processes side by side don't mix their lines.
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(opened, f"{digest} {text}\n".encode())
        finally:
            os.close(opened)

    @property
    def _known(self) -> dict[str, str]:
        return _lines_of(self._file, f"{_PREFIX}{self._judge}-*")

    @property
    def _file(self) -> Path:
        return cache_directory() / f"{_PREFIX}{self._judge}-{self._version()}"


@cache
def _lines_of(file: Path, versions: str) -> dict[str, str]:
    if not file.is_file():
        for other in file.parent.glob(versions):
            other.unlink(missing_ok=True)
        return {}
    if file.stat().st_size > _MOST_BYTES:
        file.unlink(missing_ok=True)
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if " " in line)
