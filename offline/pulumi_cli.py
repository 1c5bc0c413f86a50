"""Finds the `pulumi` CLI: on PATH, in the cache, by download, or built from source, in that order.

The cache is the user's (`offline.tool_cache`), so a checkout can be thrown away.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path

from offline.cli_build import build_pulumi
from offline.cli_download import download_pulumi
from offline.errors import MissingToolError
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

# renovate: datasource=go depName=github.com/pulumi/pulumi/pkg/v3
VERSION = "3.259.0"

# How a CLI that is not at hand is made, in the order in which the ways are tried.
WAYS: tuple[Callable[[Path, str, Say], None], ...] = (download_pulumi, build_pulumi)

_PARTS = 3


def find_pulumi(report: Say, version: str = VERSION) -> Path:
    """The directory that holds `bin/pulumi`.

    Args:
        report: where the signs of life of a download or a build go; nothing is said when a CLI is at hand.
        version: the oldest version that will do, and the one that is downloaded or built.

    Raises:
        MissingToolError: when no way leads to a CLI; the message says what was tried.
    """
    on_path = _on_path(version)
    if on_path is not None:
        return on_path
    place = cache_directory() / f"pulumi-v{version}"
    if _version_of(place / "bin" / "pulumi") is not None:
        return place
    with alone("the pulumi CLI", report):
        if _version_of(place / "bin" / "pulumi") is None:
            _make(place, version, report)
    return place


def _make(place: Path, version: str, report: Say) -> None:
    """Download or build a CLI into the cache."""
    tried = []
    for way in WAYS:
        try:
            return way(place, version, report)
        except MissingToolError as error:
            tried.append(str(error))
    reasons = "\n".join(f"  {reason}" for reason in tried)
    raise MissingToolError(
        f"The pulumi CLI {version} or newer is needed and could not be had:\n{reasons}\n"
        "Install it (https://www.pulumi.com/docs/iac/download-install/) and put it on PATH."
    )


def _on_path(version: str) -> Path | None:
    """The directory above `bin/pulumi` for a new enough CLI on PATH."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    binary = Path(found).resolve()
    current = _version_of(binary)
    if current is None or current < _numbers(version) or current[0] != _sdk_major():
        return None
    return binary.parent.parent if binary.parent.name == "bin" and binary.name == "pulumi" else _linked(binary)


def _linked(binary: Path) -> Path:
    """A CLI outside a `bin` directory, made reachable through a link in the cache."""
    place = cache_directory() / "pulumi-on-path"
    link = place / "bin" / "pulumi"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(binary)
    return place


def _version_of(binary: Path) -> tuple[int, ...] | None:
    """Version of a CLI, or None when it is not there or does not run; the same file is asked once."""
    try:
        found = binary.stat()
    except OSError:
        return None
    return _answered(binary, (found.st_ino, found.st_size, found.st_mtime_ns))


@cache
def _answered(binary: Path, _file: tuple[int, ...]) -> tuple[int, ...] | None:
    try:
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
        answer = subprocess.run(
            [str(binary), "version"], capture_output=True, text=True, timeout=30, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _numbers(answer.stdout) if re.match(r"v?\d+\.\d+\.\d+", answer.stdout) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:_PARTS])


def _sdk_major() -> int:
    return _numbers(metadata.version("pulumi"))[0]
