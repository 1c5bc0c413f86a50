"""The files of the repository, those that are new and not ignored included."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# They hold planted mistakes.
_PLANTED = ROOT / "tests" / "supply_chain"


def files(*patterns: str, planted: bool = False) -> Iterator[Path]:
    """Each file that git knows or would add.

    Args:
        patterns: of git's pathspecs, such as `*.py`; all files without one.
        planted: those that hold planted mistakes instead of all others.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in sorted(filter(None, listed.split("\0"))):
        path = ROOT / name
        if path.is_file() and path.is_relative_to(_PLANTED) == planted:
            yield path
