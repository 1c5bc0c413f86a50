"""The base of the project's images where no registry can be asked for it: the same Debian, by debootstrap, as root."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from local_cluster.programs.project import Programs
from offline.debian_package import download_packages, extract
from offline.errors import MissingToolError
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory
from tests.images.build import PLATFORM

SUITE = "trixie"
_TAIL = 2000


def base_archive(report: Say) -> Path:
    """Root file system of a smallest Debian, as a tar file in the cache.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when the package mirror can't be had.
    """
    place = cache_directory() / f"debian-{SUITE}.tar"
    with alone(f"Debian's {SUITE}", report):
        if not place.is_file():
            _make(place, report)
    return place


def push_base(programs: Programs, registry: str, report: Say) -> str:
    """Push it to a registry as an image; returns its reference, by digest.

    Args:
        programs: crane among them.
        registry: host and port.
        report: where signs of life go.
    """
    name = f"{registry}/debian:{SUITE}"
    words = ["append", "--oci-empty-base", "--platform", PLATFORM]
    command = [str(programs["crane"]), *words, "--new_layer", str(base_archive(report)), "--new_tag", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _make(place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=place.parent) as scratch,
        step(f"making Debian's {SUITE} with debootstrap", report),
    ):
        root, made = Path(scratch) / "root", Path(scratch) / place.name
        command, variables = _debootstrap(Path(scratch))
        # Without it, a machine that lacks Debian's keys would be warned, and take packages that nobody signed.
        command += ["--force-check-gpg", "--variant=minbase", SUITE, str(root)]
        done = subprocess.run(
            command,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise MissingToolError(f"debootstrap made no {SUITE}:\n{(done.stdout + done.stderr)[-_TAIL:]}")
        for archive in (root / "var" / "cache" / "apt" / "archives").glob("*.deb"):
            archive.unlink()
        words = ["--sort=name", "--numeric-owner", "--exclude=./dev/*", "--exclude=./proc/*"]
        subprocess.run(["tar", *words, "--directory", str(root), "--create", "--file", str(made), "."], check=True)
        made.rename(place)


def _debootstrap(scratch: Path) -> tuple[list[str], dict[str, str]]:
    """The machine's, or the package's files as they are, which is a script."""
    if found := shutil.which("debootstrap"):
        return [found], {}
    for archive in download_packages(["debootstrap"], scratch / "packages"):
        extract(archive, scratch / "debootstrap")
    files = scratch / "debootstrap" / "usr"
    return ["sh", str(files / "sbin" / "debootstrap")], {"DEBOOTSTRAP_DIR": str(files / "share" / "debootstrap")}
