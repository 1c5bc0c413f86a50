"""Names that AWS publishes in a document and in no schema, one a line in `files/`."""

from functools import cache
from pathlib import Path

_FILES = Path(__file__).parent / "files"


@cache
def known_names(file: str) -> frozenset[str]:
    """The names in `files/<file>.txt`; a line that starts with # says where they come from."""
    lines = (_FILES / f"{file}.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
