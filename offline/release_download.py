"""Downloads an archive of a project's official release and checks it against the checksums published with it.

What is checked is that the archive is the one that the release names, or a file the one that a caller pinned. Leaves
out signatures: the projects used here sign in different ways, and the checksums come over the same authenticated
connection.
"""

import hashlib
import os
import platform
import shutil
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from offline.errors import MissingToolError
from offline.progress import Say, step

# Long enough for a slow line, short enough for a network that answers nothing.
_CONNECT_SECONDS = 8.0
GITHUB = "https://github.com"

# Hosts that did not answer: whoever has no way to releases waits for that once, and not for each of them.
_SILENT: set[str] = set()

_BLOCK = 1 << 20
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_SYSTEMS = ("linux", "darwin")


@dataclass(frozen=True)
class Release:
    """One archive of one release.

    Args:
        address: of the directory that the files lie in.
        archive: name of the compressed tar file.
        checksums: name of the file of `<SHA-256>  <name>` lines.
        folder: directory inside the archive that holds the programs; empty for its top.
    """

    address: str
    archive: str
    checksums: str
    folder: str = ""


def this_platform() -> tuple[str, str]:
    """System and architecture of this machine, as Go names them.

    Raises:
        MissingToolError: when projects publish no programs for it.
    """
    architecture = _MACHINES.get(platform.machine().lower())
    if architecture is None or sys.platform not in _SYSTEMS:
        raise MissingToolError(f"no official release for {sys.platform} on {platform.machine()}")
    return sys.platform, architecture


def download(release: Release, place: Path, report: Say) -> None:
    """Put the release's programs into `place/bin`.

    Raises:
        MissingToolError: when the release can't be reached, or does not match its checksum.
    """
    try:
        expected = _expected(_fetch_text(f"{release.address}/{release.checksums}"), release.archive)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            downloaded = Path(scratch) / release.archive
            with step(f"downloading {release.archive}", report):
                _fetch(f"{release.address}/{release.archive}", downloaded)
            _verify(downloaded, expected)
            _unpack(downloaded, Path(scratch), release.folder, place)
    except (OSError, HTTPException, urllib.error.URLError) as error:
        raise MissingToolError(f"download from {release.address}: {error}") from error


def download_file(url: str, checksum: str, place: Path, report: Say) -> None:
    """Put one file where it belongs, unless it is there.

    Args:
        url: where it is published.
        checksum: the SHA-256 that it must have.
        place: where it goes.
        report: where signs of life go.

    Raises:
        MissingToolError: when it can't be reached, or does not match its checksum.
    """
    if place.is_file() and _digest(place) == checksum:
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            downloaded = Path(scratch) / place.name
            with step(f"downloading {place.name}", report):
                _fetch(url, downloaded)
            _verify(downloaded, checksum)
            downloaded.rename(place)
    except (OSError, HTTPException) as error:
        raise MissingToolError(f"download of {url}: {error}") from error


def download_program(url: str, checksum_url: str, place: Path, report: Say) -> None:
    """Put one executable where it belongs, checked against the checksum that is published beside it.

    Args:
        url: of the executable.
        checksum_url: of a file whose first word is its SHA-256.
        place: where it goes.
        report: where signs of life go.

    Raises:
        MissingToolError: when it can't be reached, or does not match its checksum.
    """
    try:
        checksum = _fetch_text(checksum_url).split()
    except (OSError, HTTPException) as error:
        raise MissingToolError(f"download of {checksum_url}: {error}") from error
    download_file(url, checksum[0] if checksum else "", place, report)
    place.chmod(0o755)


def _fetch_text(url: str) -> str:
    host = urlsplit(url).netloc
    if host in _SILENT:
        raise urllib.error.URLError(f"{host} did not answer before")
    try:
        with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError:
        raise
    except urllib.error.URLError:
        if host:
            _SILENT.add(host)
        raise


def _fetch(url: str, target: Path) -> None:
    with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as answer, target.open("wb") as file:
        shutil.copyfileobj(answer, file, _BLOCK)


def _expected(checksums: str, archive: str) -> str:
    """The archive's SHA-256 in a file of `<sum>  <name>` lines."""
    for line in checksums.splitlines():
        digest, _, name = line.partition(" ")
        if name.strip().lstrip("*") == archive:
            return digest
    raise MissingToolError(f"the release's checksums name no {archive}")


def _verify(archive: Path, expected: str) -> None:
    digest = _digest(archive)
    if digest != expected:
        raise MissingToolError(
            f"{archive.name} does not match its published checksum (expected {expected}, got {digest}); "
            "it was thrown away"
        )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _unpack(archive: Path, scratch: Path, folder: str, place: Path) -> None:
    """Unpack beside the place and move the programs there in one step."""
    unpacked, made = scratch / "unpacked", scratch / "made"
    with tarfile.open(archive) as content:
        content.extractall(unpacked, filter="data")
    (made / "bin").mkdir(parents=True)
    for program in (unpacked / folder).iterdir():
        if program.is_file() and os.access(program, os.X_OK):
            shutil.move(program, made / "bin" / program.name)
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
