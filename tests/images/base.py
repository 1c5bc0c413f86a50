"""The base of the project's images where no registry can be asked for it: the same Debian, by debootstrap, as root.

That of the architecture which this machine does not have is made by the programs of that one (emulation.py).
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from components.images.image import ARCHITECTURES
from local_cluster.programs.project import Programs
from offline.debian_package import download_packages, extract
from offline.errors import MissingToolError
from offline.progress import Say, step
from offline.tool_cache import alone, cache_directory

SUITE = "trixie"
_TAIL = 2000


def base_archive(architecture: str, report: Say) -> Path:
    """Root file system of a smallest Debian, as a tar file in the cache.

    Args:
        architecture: amd64 or arm64.
        report: where signs of life go.

    Raises:
        MissingToolError: when the package mirror can't be had.
    """
    place = cache_directory() / f"debian-{SUITE}-{architecture}.tar"
    with alone(f"Debian's {SUITE} for {architecture}", report):
        if not place.is_file():
            _make(architecture, place, report)
    return place


def push_base(programs: Programs, registry: str, report: Say) -> str:
    """Push it to a registry as an image of both architectures; returns its reference, by digest.

    Args:
        programs: crane among them.
        registry: host and port.
        report: where signs of life go.
    """
    name = f"{registry}/debian:{SUITE}"
    crane = str(programs["crane"])
    each_ones = []
    for architecture in ARCHITECTURES:
        tag = f"{name}-{architecture}"
        words = ["append", "--oci-empty-base", "--platform", f"linux/{architecture}", "--new_tag", tag]
        layer = ["--new_layer", str(base_archive(architecture, report))]
        subprocess.run([crane, *words, *layer], check=True, capture_output=True)
        # An image without a base has no platform, whatever is asked for.
        subprocess.run(
            [crane, "mutate", "--set-platform", f"linux/{architecture}", "--tag", tag, tag],
            check=True,
            capture_output=True,
        )
        each_ones += ["--manifest", tag]
    command = [crane, "index", "append", *each_ones, "--tag", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _make(architecture: str, place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=place.parent) as scratch,
        step(f"making Debian's {SUITE} for {architecture} with debootstrap", report),
    ):
        root, made = Path(scratch) / "root", Path(scratch) / place.name
        command, variables = _debootstrap(Path(scratch))
        # Without it, a machine that lacks Debian's keys would be warned, and take packages that nobody signed.
        command += ["--force-check-gpg", f"--arch={architecture}", "--variant=minbase", SUITE, str(root)]
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
