"""Prometheus with promtool: the official release of the deployed version, or Debian's package.

Debian's is older than the deployed image. docs/telemetry-verification.md says what that leaves unproven.
Source: https://github.com/prometheus/prometheus/releases
"""

from functools import partial
from pathlib import Path

from components.monitoring.versions import PROMETHEUS as IMAGE
from local_cluster.images.programs.suite import Suite, Way
from offline.debian_package import unpack_package
from offline.progress import Say
from offline.release_download import Release, download, this_platform

RELEASES = "https://github.com/prometheus"
VERSION = IMAGE.tag.removeprefix("v")
PACKED = {"prometheus": "usr/bin/prometheus", "promtool": "usr/bin/promtool"}


def released(project: str, version: str, place: Path, report: Say) -> None:
    """The programs of a release of one of Prometheus' projects."""
    folder = ".".join([f"{project}-{version}", "-".join(this_platform())])
    address = f"{RELEASES}/{project}/releases/download/v{version}"
    download(Release(address, f"{folder}.tar.gz", "sha256sums.txt", folder), place, report)


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
