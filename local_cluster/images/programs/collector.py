"""The OpenTelemetry Collector: the contrib release of the deployed image's version, or built from `tools/collector`.

What is built is made by the official builder from a manifest that names the components in use and no others. The
builder itself would resolve modules anew and fail on some that only tests need, so it writes the sources, and the
modules pinned beside the manifest are compiled.
Source: https://github.com/open-telemetry/opentelemetry-collector-releases/releases, README of cmd/builder.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from components.images.table import COLLECTOR as COLLECTOR_IMAGE
from local_cluster.images.programs.prometheus import DISCOVERIES
from local_cluster.programs.build import built
from local_cluster.programs.project import Project, released
from offline.errors import MissingToolError
from offline.go_build import MODULES, GoProgram, build, source_digest
from offline.progress import Say
from offline.release_download import Release, download, this_platform

MODULE = MODULES / "collector"
MANIFEST = MODULE / "manifest.yaml"
PINS = (MODULE / "go.mod", MODULE / "go.sum")

RELEASES = "https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download"

# The name of the release's program: `otelcol` would be a distribution without most of the components.
PROGRAM = "otelcol-contrib"
VERSION = COLLECTOR_IMAGE.tag

_BUILDER = GoProgram(
    "builder", MODULE / "builder", "go.opentelemetry.io/collector/cmd/builder", duration="about half a minute"
)


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


def _make(place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        sources = generate(Path(scratch), report, "--skip-get-modules")
        for pins in PINS:
            shutil.copy(pins, sources / pins.name)
        duration = "about 3 minutes on 2 cores"
        build(GoProgram(PROGRAM, sources, duration=duration, tags=DISCOVERIES), place, report)


def _release(place: Path, report: Say) -> None:
    archive = f"{PROGRAM}_{VERSION}_{'_'.join(this_platform())}.tar.gz"
    checksums = f"opentelemetry-collector-releases_{PROGRAM}_checksums.txt"
    download(Release(f"{RELEASES}/v{VERSION}", archive, checksums), place, report)


def digest() -> str:
    """Names what is built by what it is built from."""
    files = [MANIFEST, *PINS, MODULE / "builder" / "go.mod", MODULE / "builder" / "go.sum"]
    return source_digest(files, *DISCOVERIES)


COLLECTOR = Project("collector", (PROGRAM,), [released(VERSION, _release), built(VERSION, digest(), _make)])
