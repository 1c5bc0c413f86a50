"""The target allocator, built from its module: its project releases it as an image alone.

The module proxy lacks the deployed version, so this is the newest that it has; flags and file are the same.
"""

from local_cluster.programs.build import Build
from local_cluster.programs.project import Project
from offline.go_build import MODULES, GoProgram

MODULE = MODULES / "target_allocator"
# renovate: datasource=go depName=github.com/open-telemetry/opentelemetry-operator
VERSION = "0.140.0"

PROGRAM = "otel-allocator"
_PACKAGE = "github.com/open-telemetry/opentelemetry-operator/cmd/otel-allocator"

TARGET_ALLOCATOR = Project(
    "target-allocator",
    (PROGRAM,),
    [Build(VERSION, [GoProgram(PROGRAM, MODULE, _PACKAGE, duration="about 3 minutes on 2 cores")]).way()],
)
