"""KWOK, by its releases on GitHub (kubernetes-sigs/kwok)."""

from pathlib import Path

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project, released
from offline.go_build import MODULES, GoProgram
from offline.progress import Say
from offline.release_download import GITHUB, download_program, this_platform

_VERSION = "0.7.0"


def _kwok_release(place: Path, report: Say) -> None:
    system, architecture = this_platform()
    address = f"{GITHUB}/kubernetes-sigs/kwok/releases/download/v{_VERSION}/kwok-{system}-{architecture}"
    download_program(address, f"{address}.sha256", place / "bin" / "kwok", report)


_PROGRAM = GoProgram(
    "kwok",
    MODULES / "kwok",
    "sigs.k8s.io/kwok/cmd/kwok",
    f"-X sigs.k8s.io/kwok/pkg/consts.Version=v{_VERSION}",
    "about 2 minutes on 2 cores",
)

KWOK = Project("kwok", ("kwok",), [released(_VERSION, _kwok_release), Build(_VERSION, [_PROGRAM]).way()])
