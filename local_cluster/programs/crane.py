"""crane, which asks registries and copies between them, by its releases on GitHub (google/go-containerregistry)."""

from pathlib import Path

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, Release, download, this_platform

# renovate: datasource=go depName=github.com/google/go-containerregistry
_VERSION = "0.22.1"
# As the project's releases name machines.
_MACHINES = {"amd64": "x86_64", "arm64": "arm64"}


def _crane_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    archive = f"go-containerregistry_{system.capitalize()}_{_MACHINES[architecture]}.tar.gz"
    address = f"{GITHUB}/google/go-containerregistry/releases/download/v{_VERSION}"
    download(Release(address, archive, "checksums.txt"), place, report)


_PROGRAM = GoProgram(
    "crane", MODULES / "crane", "github.com/google/go-containerregistry/cmd/crane", duration="half a minute on 2 cores"
)

CRANE = Project("crane", ("crane",), [released(_VERSION, _crane_release), Build(_VERSION, [_PROGRAM]).way()])
