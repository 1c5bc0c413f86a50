"""Takes files out of Debian packages, for networks that reach a package mirror and no release.

Nothing is installed and no right is needed: apt checks each package against the signed lists, and `dpkg-deb` unpacks it
where the caller says. No script of a package runs, so what such a script would make is missing.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say, step

_SECONDS = 600
_TAIL = 5
_PARTS = 3

# Neither a lock nor a cache of the machine's is touched, so that any user may ask, and no other apt has to wait.
_QUIETLY = (
    "Debug::NoLocking=1",
    "Dir::Cache::pkgcache=",
    "Dir::Cache::srcpkgcache=",
    "APT::Install-Recommends=0",
    "APT::Sandbox::User=root",
)


def download_packages(packages: Sequence[str], directory: Path, *, complete: bool = False) -> list[Path]:
    """Download packages with those that they depend on.

    Args:
        packages: names, or apt's patterns.
        directory: where they go.
        complete: everything that they need, as for a machine without anything; otherwise what this one lacks.

    Returns:
        The archives, by name.

    Raises:
        MissingToolError: when there is no apt here, or it knows no such package.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "partial").mkdir(exist_ok=True)
    options = [*_QUIETLY, f"Dir::Cache::archives={directory}/"]
    if complete:
        status = directory / "status"
        status.write_text("")
        options.append(f"Dir::State::status={status}")
    settings = [word for option in options for word in ("-o", option)]
    command = ["apt-get", *settings, "--yes", "--download-only", "--reinstall", "install", *packages]
    _run(command, directory, " ".join(packages))
    return sorted(directory.glob("*.deb"))


def extract(archive: Path, directory: Path) -> None:
    """Unpack a package's files.

    Args:
        archive: the package.
        directory: where they go.

    Raises:
        MissingToolError: when there is no dpkg-deb here, or the package is damaged.
    """
    _run(["dpkg-deb", "--extract", str(archive), str(directory)], directory.parent, archive.name)


def unpack_package(package: str, programs: Mapping[str, str], oldest: str, place: Path, report: Say) -> None:
    """Put programs of a package that need the C library only into `place/bin`.

    Args:
        package: its name.
        programs: path in the package, by the name that the program gets.
        oldest: the oldest version that will do.
        place: directory in the cache.
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no apt here, it knows no such package, or the package is too old or has no
            such program.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch, step(f"unpacking Debian's {package}", report):
        _run(["apt-get", "download", package], Path(scratch), package)
        (archive,) = Path(scratch).glob("*.deb")
        _require(package, archive, oldest)
        extract(archive, Path(scratch) / "unpacked")
        made = Path(scratch) / "made"
        (made / "bin").mkdir(parents=True)
        for name, path in programs.items():
            packed = Path(scratch) / "unpacked" / path
            if not packed.is_file():
                raise MissingToolError(f"Debian package {package}: it has no {path}")
            shutil.move(packed, made / "bin" / name)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)


def _require(package: str, archive: Path, oldest: str) -> None:
    """Raise `MissingToolError` when a package is older than what will do; its file is named by its version."""
    _, version, *_ = archive.name.split("_")
    upstream = version.rpartition("%3a")[2]
    numbers, wanted = ([int(part) for part in re.findall(r"\d+", text)[:_PARTS]] for text in (upstream, oldest))
    if numbers < wanted:
        raise MissingToolError(f"Debian package {package}: {version} is older than {oldest}")


def _run(command: list[str], directory: Path, package: str) -> None:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingToolError(f"Debian package {package}: {error}") from error
    if done.returncode != 0:
        last = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-_TAIL:])
        raise MissingToolError(f"Debian package {package}: {command[0]} failed (apt-get update helps):\n    {last}")
