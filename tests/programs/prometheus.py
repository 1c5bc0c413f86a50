"""Prometheus with promtool, and Alertmanager with amtool: the official releases, or Debian's packages.

Debian's are older than the deployed images. docs/telemetry-verification.md says what that leaves unproven.
Source: https://github.com/prometheus/prometheus/releases, https://github.com/prometheus/alertmanager/releases
"""

from functools import partial
from pathlib import Path

from components.monitoring.versions import ALERTMANAGER as ALERTMANAGER_IMAGE
from components.monitoring.versions import PROMETHEUS as PROMETHEUS_IMAGE
from offline.progress import Say
from offline.release_download import Release, download, this_platform
from tests.programs.debian import unpack_package
from tests.programs.suite import Suite, Way

RELEASES = "https://github.com/prometheus"


def _released(project: str, version: str, place: Path, report: Say) -> None:
    """The programs of a release of one of Prometheus' projects."""
    folder = ".".join([f"{project}-{version}", "-".join(this_platform())])
    address = f"{RELEASES}/{project}/releases/download/v{version}"
    download(Release(address, f"{folder}.tar.gz", "sha256sums.txt", folder), place, report)


def _suite(name: str, version: str, oldest: str, package: str, packed: dict[str, str]) -> Suite:
    """A project's programs.

    Args:
        name: of the project.
        version: of the release.
        oldest: that will do.
        package: Debian's.
        packed: path in the package, by the program's name.
    """
    ways = (
        Way(version, partial(_released, name.lower(), version)),
        Way("debian", partial(unpack_package, package, packed)),
    )
    return Suite(name, tuple(packed), version, oldest, ways, {"alertmanager": "prometheus-alertmanager"})


PROMETHEUS = _suite(
    "Prometheus",
    PROMETHEUS_IMAGE.tag.removeprefix("v"),
    # The first that takes samples out of order, and knows all functions and settings used here.
    "2.42.0",
    "prometheus",
    {"prometheus": "usr/bin/prometheus", "promtool": "usr/bin/promtool"},
)

ALERTMANAGER = _suite(
    "Alertmanager",
    ALERTMANAGER_IMAGE.tag.removeprefix("v"),
    "0.25.0",
    "prometheus-alertmanager",
    {"alertmanager": "usr/bin/prometheus-alertmanager", "amtool": "usr/bin/amtool"},
)
