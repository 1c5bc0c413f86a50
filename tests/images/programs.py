"""cosign, which signs images and says who signed one, built from its module; and all programs that tests here run.

`python -m tests.images.programs [NAME ...]` makes them.
"""

import sys

from local_cluster.programs.build import Build
from local_cluster.programs.buildkit import BUILDKIT
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import Project, find
from offline.go_build import MODULES, GoProgram, passing_cache
from offline.progress import say

# renovate: datasource=go depName=github.com/sigstore/cosign/v3
_VERSION = "3.1.3"

COSIGN = Project(
    "cosign",
    ("cosign",),
    [
        Build(
            _VERSION,
            [
                GoProgram(
                    "cosign",
                    MODULES / "cosign",
                    "github.com/sigstore/cosign/v3/cmd/cosign",
                    duration="about 3 minutes on 2 cores",
                )
            ],
        ).way()
    ],
)

_PROJECTS = {project.name: project for project in (BUILDKIT, CRANE, COSIGN)}

if __name__ == "__main__":
    with passing_cache():
        for path in find([_PROJECTS[name] for name in sys.argv[1:] or _PROJECTS], say).values():
            print(path)
