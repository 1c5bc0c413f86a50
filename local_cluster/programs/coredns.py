"""CoreDNS, by its releases on GitHub (coredns/coredns)."""

from pathlib import Path

from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

_VERSION = "1.14.0"


def _coredns_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    archive = f"coredns_{_VERSION}_{system}_{architecture}.tgz"
    address = f"{GITHUB}/coredns/coredns/releases/download/v{_VERSION}"
    download(Release(address, archive, f"{archive}.sha256"), place, report)


COREDNS = Project(
    "coredns",
    _VERSION,
    ("coredns",),
    _coredns_release,
    MODULES / "coredns",
    [GoProgram("coredns", MODULES / "coredns", "github.com/coredns/coredns", duration="about 2 minutes on 2 cores")],
)
