"""Files that only their owner reads, written in one step."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, content: str | bytes) -> None:
    """Put content into a file of mode 0600; whoever reads it sees all of the old or all of the new."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    Path(scratch).replace(path)


def make_private(path: Path, content: bytes) -> bytes:
    """The content of a private file, which is made unless somebody else was first."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass
        finally:
            Path(scratch).unlink()
    return path.read_bytes()
