"""CoreDNS, by its releases on GitHub (coredns/coredns)."""

from pathlib import Path

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

# renovate: datasource=go depName=github.com/coredns/coredns
_VERSION = "1.14.0"


def _coredns_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    archive = f"coredns_{_VERSION}_{system}_{architecture}.tgz"
    address = f"{GITHUB}/coredns/coredns/releases/download/v{_VERSION}"
    download(Release(address, archive, f"{archive}.sha256"), place, report)


_PROGRAM = GoProgram(
    "coredns", MODULES / "coredns", "github.com/coredns/coredns", duration="about 2 minutes on 2 cores"
)

COREDNS = Project("coredns", ("coredns",), [released(_VERSION, _coredns_release), Build(_VERSION, [_PROGRAM]).way()])
