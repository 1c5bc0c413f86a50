"""Digests of what was held against a schema and found right, kept from one process to the next.

Most of a stack is the same in each run of it, and to say so again takes cfn-lint's validator, which takes a second to
import. Only what is right is kept: whatever is wrong is judged each time, and said in full. A version of cfn-lint or of
this package begins anew.
"""

import hashlib
import importlib.metadata
from functools import cache
from pathlib import Path

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


def is_right(digest: str) -> bool:
    """Whether it was found right before."""
    return digest in _known(_file())


def keep(digest: str) -> None:
    """Take note that it was found right."""
    file = _file()
    _known(file).add(digest)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Appended in one go, so that processes side by side don't mix their lines.
    with file.open("a", encoding="ascii") as lines:
        lines.write(f"{digest}\n")


def _file() -> Path:
    return cache_directory() / f"judged-{_version()}"


@cache
def _version() -> str:
    sources = (each.read_text(encoding="utf-8") for each in sorted(_PACKAGE.glob("*.py")))
    return digest_of(importlib.metadata.version("cfn-lint"), *sources)[:12]


@cache
def _known(file: Path) -> set[str]:
    if not file.is_file():
        for other in file.parent.glob("judged-*"):
            other.unlink(missing_ok=True)
        return set()
    found = set(file.read_text(encoding="ascii").split())
    if len(found) > _MOST:
        file.unlink(missing_ok=True)
        return set()
    return found
