"""Large JSON files of other packages, kept in a form that is read many times faster, and in parts.

By content, in the user's cache: another release of a package makes another entry. What a run asks of AWS's data is a
few services of some hundred, so what is large in it is opened when somebody looks into it. Leaves out files of this
project, which are small.

Source: Python documentation, "marshal": its format is one Python version's own, so the version is part of the name.
"""

import gzip
import hashlib
import json
import marshal
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from offline.tool_cache import cache_directory

_PREFIX = f"quick-parts-{sys.version_info.major}.{sys.version_info.minor}-"
# An object below this is read faster with what is around it than by itself.
_LARGE_BYTES = 4096


class Part(Mapping[str, Any]):
    """A large object of a file: its members, read when the first of them is asked for."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._opened: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._opened:
            self._opened[key] = _unpacked(self._members[key])
        return self._opened[key]

    def __contains__(self, key: object) -> bool:
        return key in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def copy(self) -> dict[str, Any]:
        """A dictionary of its own, as botocore takes of what it reads."""
        return dict(self)

    @cached_property
    def _members(self) -> dict[str, Any]:
        return marshal.loads(self._packed)


def read_json(file: Path) -> Any:
    """What a file of JSON holds, compressed by gzip or not. Its large objects are mappings, all others dictionaries."""
    content = file.read_bytes()
    kept = cache_directory() / f"{_PREFIX}{hashlib.sha256(content).hexdigest()[:16]}"
    try:
        return _unpacked(marshal.loads(kept.read_bytes()))
    except (OSError, EOFError, ValueError, TypeError):
        # It is not there yet, or was not written to its end.
        packed = _packed(json.loads(gzip.decompress(content) if file.suffix == ".gz" else content))
    _keep(kept, marshal.dumps(packed))
    return _unpacked(packed)


def _packed(value: Any) -> Any:
    """The value with each large object in it as bytes and each large list as a tuple, which JSON does not have."""
    if isinstance(value, list):
        items = [_packed(each) for each in value]
        content = marshal.dumps(items)
        return (content,) if len(content) > _LARGE_BYTES else items
    if not isinstance(value, dict):
        return value
    members = {key: _packed(each) for key, each in value.items()}
    content = marshal.dumps(members)
    # What holds something packed is larger than it, so what is left as it is holds nothing of the kind.
    return content if len(content) > _LARGE_BYTES else members


def _unpacked(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_unpacked(each) for each in marshal.loads(value[0])]
    return Part(value) if isinstance(value, bytes) else value


def _keep(kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent, prefix=_PREFIX, delete=False) as new:
        new.write(content)
    os.replace(new.name, kept)
