"""Alertmanager with amtool: the official release of the deployed version, or built from its own sources.

Debian's package is no way: its server reads its templates from a fixed place outside the package's directory.
Source: https://github.com/prometheus/alertmanager/releases
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from components.monitoring.versions import ALERTMANAGER as IMAGE
from local_cluster.images.programs.prometheus import released
from local_cluster.images.programs.suite import Suite, Way
from offline.go_build import MODULES, GoProgram, build, with_own_sources
from offline.progress import Say

MODULE = MODULES / "alertmanager"
IMPORT_PATH = "github.com/prometheus/alertmanager"
PROGRAMS = ("alertmanager", "amtool")
VERSION = IMAGE.tag.removeprefix("v")

# The server embeds a web page that its module lacks, because it is built with tools of another language.
PAGE = "<!doctype html><title>Alertmanager</title><p>Built without its web page; the API is there.</p>"


def _built(place: Path, report: Say) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        directory = Path(scratch)
        module, source = with_own_sources(MODULE, IMPORT_PATH, directory, place.parent, report)
        page = source / "ui" / "app" / "dist" / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGE)
        (directory / "made" / "bin").mkdir(parents=True)
        version = f"-X github.com/prometheus/common/version.Version={VERSION}"
        for name in PROGRAMS:
            program = GoProgram(name, module, f"{IMPORT_PATH}/cmd/{name}", version, "about a minute on 2 cores")
            build(program, directory / f"alertmanager-{VERSION}-{name}", report)
            shutil.move(directory / f"alertmanager-{VERSION}-{name}" / "bin" / name, directory / "made" / "bin" / name)
        shutil.rmtree(place, ignore_errors=True)
        (directory / "made").rename(place)


ALERTMANAGER = Suite(
    "Alertmanager",
    PROGRAMS,
    VERSION,
    # Debian's, for whoever has installed it.
    "0.25.0",
    (Way(VERSION, partial(released, "alertmanager", VERSION)), Way(f"built-{VERSION}", _built)),
    {"alertmanager": "prometheus-alertmanager"},
)
