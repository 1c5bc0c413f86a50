"""Takes programs out of Debian packages, for networks that reach a package mirror and no release.

Nothing is installed and no right is needed: `apt-get download` checks the package against the signed lists, and
`dpkg-deb` unpacks it into the cache. What a package depends on is left out: these programs need the C library only.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say, step

_SECONDS = 300
_TAIL = 5


def unpack_package(package: str, programs: Mapping[str, str], place: Path, report: Say) -> None:
    """Put programs of a package into `place/bin`.

    Args:
        package: its name.
        programs: path in the package, by the name that the program gets.
        place: directory in the cache.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no apt here, it knows no such package, or the package has no such program.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch, step(f"unpacking Debian's {package}", report):
        _run(["apt-get", "download", package], Path(scratch), package)
        (archive,) = Path(scratch).glob("*.deb")
        _run(["dpkg-deb", "--extract", str(archive), "unpacked"], Path(scratch), package)
        made = Path(scratch) / "made"
        (made / "bin").mkdir(parents=True)
        for name, path in programs.items():
            packed = Path(scratch) / "unpacked" / path
            if not packed.is_file():
                raise MissingToolError(f"Debian package {package}: it has no {path}")
            shutil.move(packed, made / "bin" / name)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


def _run(command: list[str], directory: Path, package: str) -> None:
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingToolError(f"Debian package {package}: {error}") from error
    if done.returncode != 0:
        last = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL:])
        raise MissingToolError(f"Debian package {package}: {command[0]} failed (apt-get update helps):\n    {last}")
