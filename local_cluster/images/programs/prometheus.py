"""Prometheus with promtool: the official release of the deployed version, or another that is quicker to have.

Tests take Debian's package where the release is out of reach, because a build takes five minutes and a package seconds;
it is older than the deployed image, and docs/telemetry-verification.md says what that leaves unproven. Images of a
cluster take the deployed version, built from its module, without its web page.
Source: https://github.com/prometheus/prometheus/releases
"""

from functools import partial
from pathlib import Path

from components.images.table import PROMETHEUS as IMAGE
from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, Way, released
from offline.debian_package import unpack_package
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import Release, download, this_platform

RELEASES = "https://github.com/prometheus"
VERSION = IMAGE.tag.removeprefix("v")
MODULE = MODULES / "prometheus"
PACKED = {"prometheus": "usr/bin/prometheus", "promtool": "usr/bin/promtool"}

# Its own build tags: without the clouds that it could ask for targets, of which none is asked here, a build takes
# less than half the time. Source: github.com/prometheus/prometheus, plugins.
DISCOVERIES = ("remove_all_sd", "enable_kubernetes_sd", "enable_dns_sd")

# The first that takes samples out of order, and knows all functions and settings used here.
_OLDEST_PACKAGE = "2.42.0"
_LINKED = f"-X github.com/prometheus/common/version.Version={VERSION}"


def release(project: str, version: str, place: Path, report: Say) -> None:
    """The programs of a release of one of Prometheus' projects."""
    folder = ".".join([f"{project}-{version}", "-".join(this_platform())])
    address = f"{RELEASES}/{project}/releases/download/v{version}"
    download(Release(address, f"{folder}.tar.gz", "sha256sums.txt", folder), place, report)


_RELEASE = released(VERSION, partial(release, "prometheus", VERSION))
_BUILD = Build(
    VERSION,
    [
        GoProgram(
            name,
            MODULE,
            f"github.com/prometheus/prometheus/cmd/{name}",
            _LINKED,
            "about 2 minutes on 2 cores",
            DISCOVERIES,
        )
        for name in PACKED
    ],
)

PROMETHEUS = Project(
    "prometheus",
    tuple(PACKED),
    [_RELEASE, Way("debian", _OLDEST_PACKAGE, partial(unpack_package, "prometheus", PACKED, _OLDEST_PACKAGE))],
)
DEPLOYED_PROMETHEUS = Project("prometheus", tuple(PACKED), [_RELEASE, _BUILD.way()])
