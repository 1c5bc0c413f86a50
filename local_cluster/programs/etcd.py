"""etcd, by its releases on GitHub (etcd-io/etcd)."""

from pathlib import Path

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

# renovate: datasource=go depName=go.etcd.io/etcd/server/v3
_VERSION = "3.6.15"


def _etcd_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{GITHUB}/etcd-io/etcd/releases/download/v{_VERSION}"
    folder = f"etcd-v{_VERSION}-{system}-{architecture}"
    # Archives for macOS are zip files, which nothing here unpacks: there etcd is built.
    download(Release(address, f"{folder}.tar.gz", "SHA256SUMS", folder), place, report)


_PROGRAM = GoProgram("etcd", MODULES / "etcd", "go.etcd.io/etcd/server/v3", duration="about half a minute")

ETCD = Project("etcd", ("etcd",), [released(_VERSION, _etcd_release), Build(_VERSION, [_PROGRAM]).way()])
