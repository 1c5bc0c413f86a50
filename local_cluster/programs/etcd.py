"""etcd, by its releases on GitHub (etcd-io/etcd)."""

from pathlib import Path

from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

_VERSION = "3.6.15"


def _etcd_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{GITHUB}/etcd-io/etcd/releases/download/v{_VERSION}"
    folder = f"etcd-v{_VERSION}-{system}-{architecture}"
    # Archives for macOS are zip files, which nothing here unpacks: there etcd is built.
    download(Release(address, f"{folder}.tar.gz", "SHA256SUMS", folder), place, report)


ETCD = Project(
    "etcd",
    _VERSION,
    ("etcd",),
    _etcd_release,
    MODULES / "etcd",
    [GoProgram("etcd", MODULES / "etcd", "go.etcd.io/etcd/server/v3", duration="about half a minute")],
)
