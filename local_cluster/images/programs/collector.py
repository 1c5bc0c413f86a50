"""The OpenTelemetry Collector: the contrib release of the deployed image's version, or built from `tools/collector`.

What is built is made by the official builder from a manifest that names the components in use and no others. The
builder itself would resolve modules anew and fail on some that only tests need, so it writes the sources, and the
modules pinned beside the manifest are compiled.
Source: https://github.com/open-telemetry/opentelemetry-collector-releases/releases, README of cmd/builder.
"""

import hashlib
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from components.monitoring.versions import COLLECTOR as COLLECTOR_IMAGE
from local_cluster.images.programs.suite import Suite, Way
from offline.errors import MissingToolError
from offline.go_build import MODULES, GoProgram, build
from offline.progress import Say
from offline.release_download import Release, download, this_platform

MODULE = MODULES / "collector"
MANIFEST = MODULE / "manifest.yaml"
PINS = (MODULE / "go.mod", MODULE / "go.sum")

RELEASES = "https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download"

# The name of the release's program: `otelcol` would be a distribution without most of the components.
PROGRAM = "otelcol-contrib"

_BUILDER = GoProgram(
    "builder", MODULE / "builder", "go.opentelemetry.io/collector/cmd/builder", duration="about half a minute"
)
_DIGEST = 12


def generate(directory: Path, report: Say, *options: str) -> Path:
    """Let the builder write the sources of the manifest's collector.

    Args:
        directory: where the builder and the sources go.
        report: where signs of life go.
        options: more options of the builder.

    Returns:
        The directory of the sources.

    Raises:
        MissingToolError: when the builder can't be built, or refuses the manifest.
    """
    build(_BUILDER, directory / "builder", report)
    command = [str(directory / "builder" / "bin" / "builder"), "--config", str(MANIFEST), "--skip-compilation"]
    done = subprocess.run([*command, *options], cwd=directory, capture_output=True, text=True, check=False)
    sources = directory / "generated"
    if not (sources / "components.go").is_file():
        raise MissingToolError(f"the builder does not accept {MANIFEST.name}:\n{done.stdout}{done.stderr}")
    return sources


def _built(place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        sources = generate(Path(scratch), report, "--skip-get-modules")
        for pins in PINS:
            shutil.copy(pins, sources / pins.name)
        build(GoProgram(PROGRAM, sources, duration="about 8 minutes on 2 cores the first time"), place, report)


def _released(version: str, place: Path, report: Say) -> None:
    archive = f"{PROGRAM}_{version}_{'_'.join(this_platform())}.tar.gz"
    checksums = f"opentelemetry-collector-releases_{PROGRAM}_checksums.txt"
    download(Release(f"{RELEASES}/v{version}", archive, checksums), place, report)


def source_digest() -> str:
    """Names what is built by what it is built from."""
    digest = hashlib.sha256()
    for file in (MANIFEST, *PINS, MODULE / "builder" / "go.mod", MODULE / "builder" / "go.sum"):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:_DIGEST]


def _suite(version: str) -> Suite:
    ways = (Way(version, partial(_released, version)), Way(f"built-{source_digest()}", _built))
    return Suite("Collector", (PROGRAM,), version, version, ways, {})


COLLECTOR = _suite(COLLECTOR_IMAGE.tag)
