"""YuniKorn's scheduler and its admission controller, built from their module: their project releases images alone.

Source: apache/yunikorn-k8shim, Makefile.
"""

from components.images.table import YUNIKORN_VERSION
from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

MODULE = MODULES / "yunikorn"
VERSION = YUNIKORN_VERSION

_IMPORT_PATH = "github.com/apache/yunikorn-k8shim/pkg"
_LINKED = f"-X {_IMPORT_PATH}/conf.buildVersion={VERSION}"
# Program of an image, by the first word of its tag, with the package that it is built from.
PROGRAMS = {
    "scheduler": ("yunikorn-scheduler", "shim"),
    "admission": ("yunikorn-admission-controller", "admissioncontroller"),
}

YUNIKORN = Project(
    "yunikorn",
    tuple(name for name, _ in PROGRAMS.values()),
    [
        Build(
            VERSION,
            [
                GoProgram(name, MODULE, f"{_IMPORT_PATH}/cmd/{package}", _LINKED, "about 3 minutes on 2 cores")
                for name, package in PROGRAMS.values()
            ],
        ).way()
    ],
)
