"""The target allocator, built from its module: its project releases it as an image alone.

The module proxy lacks the deployed version, so this is the newest that it has; flags and file are the same.
"""

from pathlib import Path

from local_cluster.programs.project import Project, find
from offline.go_build import MODULES, GoProgram
from offline.progress import Say

MODULE = MODULES / "target_allocator"
VERSION = "0.140.0"

_PROGRAM = "otel-allocator"
_PACKAGE = "github.com/open-telemetry/opentelemetry-operator/cmd/otel-allocator"

_PROJECT = Project(
    "target-allocator",
    VERSION,
    (_PROGRAM,),
    None,
    MODULE,
    [GoProgram(_PROGRAM, MODULE, _PACKAGE, duration="about 3 minutes on 2 cores")],
)


def find_target_allocator(report: Say) -> Path:
    """The program, out of the cache or built.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no Go, or the build fails.
    """
    return find([_PROJECT], report)[_PROGRAM]
