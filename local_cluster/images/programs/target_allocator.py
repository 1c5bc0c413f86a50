"""The target allocator, built from its module: its project releases it as an image alone.

The module proxy lacks the deployed version, so this is the newest that it has; flags and file are the same.
"""

import hashlib
from pathlib import Path

from offline.go_build import MODULES, GoProgram, build
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

MODULE = MODULES / "target_allocator"
VERSION = "0.140.0"

_PACKAGE = "github.com/open-telemetry/opentelemetry-operator/cmd/otel-allocator"
_PROGRAM = GoProgram("otel-allocator", MODULE, _PACKAGE, duration="about 3 minutes on 2 cores")
_DIGITS = 12


def find_target_allocator(report: Say) -> Path:
    """The program, out of the cache or built.

    Args:
        report: where signs of life go.

    Raises:
        MissingToolError: when there is no Go, or the build fails.
    """
    digest = hashlib.sha256((MODULE / "go.sum").read_bytes()).hexdigest()[:_DIGITS]
    place = cache_directory() / f"target-allocator-{VERSION}-built-{digest}"
    program = place / "bin" / _PROGRAM.name
    if not program.is_file():
        with alone("the target allocator", report):
            if not program.is_file():
                build(_PROGRAM, place, report)
    return program
