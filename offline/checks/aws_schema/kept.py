"""What came of holding values against schemas, kept from one process to the next.

Most of a stack is the same in each run of it, and to say so again takes cfn-lint's validator, which takes a second to
import. A version of cfn-lint or of this package begins anew.
"""

import hashlib
import importlib.metadata
import json
from functools import cache
from pathlib import Path
from typing import Any

from offline.tool_cache import cache_directory

_PACKAGE = Path(__file__).parent
# Each stack has a few hundred, and each change of it adds some.
_MOST = 100_000


def digest_of(*texts: str) -> str:
    """One digest of several texts."""
    found = hashlib.sha256()
    for each in texts:
        found.update(f"{len(each)}:{each}".encode())
    return found.hexdigest()


def answer_to(digest: str) -> Any:
    """The answer that was kept, as JSON holds it; None where there is none."""
    return _known(_file()).get(digest)


def keep(digest: str, answer: Any) -> None:
    """Keep an answer, unless it holds something that would come back as something else."""
    try:
        line = f"{digest} {json.dumps(answer)}\n"
    except TypeError:
        return
    file = _file()
    _known(file)[digest] = answer
    file.parent.mkdir(parents=True, exist_ok=True)
    # Appended in one go, so that processes side by side don't mix their lines.
    with file.open("a", encoding="utf-8") as lines:
        lines.write(line)


def _file() -> Path:
    return cache_directory() / f"judged-{_version()}"


@cache
def _version() -> str:
    sources = (each.read_text(encoding="utf-8") for each in sorted(_PACKAGE.glob("*.py")))
    return digest_of(importlib.metadata.version("cfn-lint"), *sources)[:12]


@cache
def _known(file: Path) -> dict[str, Any]:
    if not file.is_file():
        for other in file.parent.glob("judged-*"):
            other.unlink(missing_ok=True)
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    if len(lines) > _MOST:
        file.unlink(missing_ok=True)
        return {}
    return dict(filter(None, map(_read, lines)))


def _read(line: str) -> tuple[str, Any] | None:
    digest, _, answer = line.partition(" ")
    try:
        return digest, json.loads(answer)
    except ValueError:
        # The process that wrote it was ended.
        return None
