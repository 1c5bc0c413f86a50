"""BuildKit, which builds images from Dockerfiles, and buildx, which reads bake files: Docker without Docker.

BuildKit's releases have no checksums beside them, so both are built from their modules.
"""

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

# renovate: datasource=go depName=github.com/moby/buildkit
VERSION = "0.34.2"
_MODULE = MODULES / "buildkit"
_TAGS = ("osusergo", "netgo")
_DURATION = "about 4 minutes on 2 cores"

BUILDKIT = Project(
    "buildkit",
    ("buildkitd", "buildx"),
    [
        Build(
            VERSION,
            [
                GoProgram("buildkitd", _MODULE, "github.com/moby/buildkit/cmd/buildkitd", "", _DURATION, _TAGS),
                GoProgram("buildx", _MODULE, "github.com/docker/buildx/cmd/buildx", "", _DURATION, _TAGS),
            ],
        ).way()
    ],
)
