"""Prometheus with promtool: the official release of the deployed version, or another that is quicker to have.

Tests take Debian's package where the release is out of reach; it is older than the deployed image, and
docs/telemetry-verification.md says what that leaves unproven. Images of a cluster take the deployed version, built from
its module, without its web page.
Source: https://github.com/prometheus/prometheus/releases
"""

import hashlib
from functools import partial
from pathlib import Path

from components.monitoring.versions import PROMETHEUS as IMAGE
from local_cluster.images.programs.suite import Suite, Way
from offline.debian_package import unpack_package
from offline.go_build import MODULES, GoProgram, build_together
from offline.progress import Say
from offline.release_download import Release, download, this_platform

RELEASES = "https://github.com/prometheus"
_DIGITS = 12
VERSION = IMAGE.tag.removeprefix("v")
MODULE = MODULES / "prometheus"
PACKED = {"prometheus": "usr/bin/prometheus", "promtool": "usr/bin/promtool"}


def released(project: str, version: str, place: Path, report: Say) -> None:
    """The programs of a release of one of Prometheus' projects."""
    folder = ".".join([f"{project}-{version}", "-".join(this_platform())])
    address = f"{RELEASES}/{project}/releases/download/v{version}"
    download(Release(address, f"{folder}.tar.gz", "sha256sums.txt", folder), place, report)


def _built(place: Path, report: Say) -> None:
    version = f"-X github.com/prometheus/common/version.Version={VERSION}"
    programs = [
        GoProgram(name, MODULE, f"github.com/prometheus/prometheus/cmd/{name}", version, "about 5 minutes on 2 cores")
        for name in PACKED
    ]
    build_together(programs, place, report)


def _source_digest() -> str:
    return hashlib.sha256((MODULE / "go.sum").read_bytes()).hexdigest()[:_DIGITS]


PROMETHEUS = Suite(
    "Prometheus",
    ("prometheus", "promtool"),
    VERSION,
    # The first that takes samples out of order, and knows all functions and settings used here.
    "2.42.0",
    (
        Way(VERSION, partial(released, "prometheus", VERSION)),
        Way("debian", partial(unpack_package, "prometheus", PACKED)),
    ),
    {},
)

DEPLOYED_PROMETHEUS = Suite(
    "Prometheus",
    PROMETHEUS.programs,
    VERSION,
    # Its configuration has values of variables in external labels, which older ones take as they are.
    "3.0.0",
    (Way(VERSION, partial(released, "prometheus", VERSION)), Way(f"built-{_source_digest()}", _built)),
    {},
)
