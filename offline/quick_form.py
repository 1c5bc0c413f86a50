"""Large JSON files of other packages, kept in a form that is read several times faster.

By content, in the user's cache: another release of a package makes another entry. Leaves out files of this project,
which are small.

Source: Python documentation, "marshal": its format is one Python version's own, so the version is part of the name.
"""

import gzip
import hashlib
import json
import marshal
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from offline.tool_cache import cache_directory

_PREFIX = f"quick-{sys.version_info.major}.{sys.version_info.minor}-"


def read_json(file: Path) -> Any:
    """What a file of JSON holds, compressed by gzip or not."""
    content = file.read_bytes()
    kept = cache_directory() / f"{_PREFIX}{hashlib.sha256(content).hexdigest()[:16]}"
    try:
        return marshal.loads(kept.read_bytes())
    except (OSError, EOFError, ValueError, TypeError):
        # It is not there yet, or was not written to its end.
        value = json.loads(gzip.decompress(content) if file.suffix == ".gz" else content)
    _keep(kept, marshal.dumps(value))
    return value


def _keep(kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent, prefix=_PREFIX, delete=False) as new:
        new.write(content)
    os.replace(new.name, kept)
