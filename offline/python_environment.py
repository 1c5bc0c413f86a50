"""Environments of Python with packages of their own: made by a hashed lock file, kept in the user's cache.

For what can't live beside this project's packages, such as a policy pack that wants an older protobuf.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from offline.errors import MissingToolError
from offline.go_build import source_digest
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

_INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:")
_SHOWN_CHARACTERS = 1500


def python_environment(requirements: Path, name: str, report: Say) -> Path:
    """The Python of an environment that holds what a file of requirements names, and nothing else.

    Args:
        requirements: exact versions with their checksums.
        name: of the environment's place in the cache.
        report: where the signs of life of an installation go.

    Raises:
        MissingToolError: pip could not install it; the message ends with pip's last lines.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = cache_directory() / f"{name}-{source_digest([requirements], version)}"
    if not place.is_dir():
        with alone(name, report):
            if not place.is_dir():
                _make(place, requirements, report)
    return place / "bin" / "python"


def _make(place: Path, requirements: Path, report: Say) -> None:
    unfinished = place.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    with step(f"installing {place.name}", report):
        for command in (
            [sys.executable, "-m", "venv", str(unfinished)],
            [str(unfinished / "bin" / "python"), "-m", "pip", *_INSTALL, "-r", str(requirements)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise MissingToolError(
                    f"What {requirements} names could not be installed:\n"
                    f"{(done.stdout + done.stderr)[-_SHOWN_CHARACTERS:].strip()}"
                )
        # Nothing in it but the scripts of packages holds its path, and those are not run.
        unfinished.rename(place)
