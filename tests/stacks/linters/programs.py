"""kube-score, built from its module."""

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

# renovate: datasource=go depName=github.com/zegl/kube-score
_VERSION = "1.20.0"

KUBE_SCORE = Project(
    "kube-score",
    ("kube-score",),
    [
        Build(
            _VERSION,
            [
                GoProgram(
                    "kube-score",
                    MODULES / "kube_score",
                    "github.com/zegl/kube-score/cmd/kube-score",
                    duration="about a minute on 2 cores",
                )
            ],
        ).way()
    ],
)
