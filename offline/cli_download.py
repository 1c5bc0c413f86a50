"""Downloads Pulumi's official release for this machine and checks it against the published checksums.

Source: https://github.com/pulumi/pulumi/releases; each release holds one archive a platform and a checksum file.
"""

import hashlib
import platform
import shutil
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path

from offline.errors import MissingToolError
from offline.progress import Say, step

RELEASES = "https://github.com/pulumi/pulumi/releases/download"

# Long enough for a slow line, short enough for a network that answers nothing.
_CONNECT_SECONDS = 8.0
_BLOCK = 1 << 20
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def download_pulumi(place: Path, version: str, report: Say, releases: str = RELEASES) -> None:
    """Put the release's programs into `place/bin`.

    Raises:
        MissingToolError: when the release can't be reached, has no archive for this machine, or does not match its
            checksum.
    """
    archive = archive_name(version)
    base = f"{releases}/v{version}"
    try:
        checksums = _fetch_text(f"{base}/pulumi-{version}-checksums.txt")
        expected = _expected(checksums, archive)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
            downloaded = Path(scratch) / archive
            with step(f"downloading {archive}", report):
                _fetch(f"{base}/{archive}", downloaded)
            _verify(downloaded, expected)
            _unpack(downloaded, Path(scratch) / "pulumi", place)
    except (OSError, HTTPException, urllib.error.URLError) as error:
        raise MissingToolError(f"download from {base}: {error}") from error


def archive_name(version: str) -> str:
    """The release's archive for this machine."""
    architecture = _ARCHITECTURES.get(platform.machine().lower())
    system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform)
    if architecture is None or system is None:
        raise MissingToolError(f"no official release for {sys.platform} on {platform.machine()}")
    return f"pulumi-v{version}-{system}-{architecture}.tar.gz"


def _fetch_text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as answer:
        return answer.read().decode()


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
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != expected:
        raise MissingToolError(
            f"{archive.name} does not match its published checksum (expected {expected}, got {digest.hexdigest()}); "
            "it was thrown away"
        )


def _unpack(archive: Path, unpacked: Path, place: Path) -> None:
    """Unpack beside the place and move it there in one step."""
    with tarfile.open(archive) as content:
        content.extractall(unpacked.parent, filter="data")
    made = unpacked.parent / "made"
    (made / "bin").mkdir(parents=True)
    for program in unpacked.iterdir():
        shutil.move(program, made / "bin" / program.name)
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
