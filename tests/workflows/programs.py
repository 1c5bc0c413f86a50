"""actionlint, which knows what workflows of GitHub Actions may say; built from its module."""

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

# renovate: datasource=go depName=github.com/rhysd/actionlint
_VERSION = "1.7.12"

ACTIONLINT = Project(
    "actionlint",
    ("actionlint",),
    [
        Build(
            _VERSION,
            [
                GoProgram(
                    "actionlint",
                    MODULES / "actionlint",
                    "github.com/rhysd/actionlint/cmd/actionlint",
                    duration="half a minute on 2 cores",
                )
            ],
        ).way()
    ],
)
