"""The program that answers as an API server: built from `tools/kubernetes`, kept in the user's cache.

Its place is named by what it was built from, so that a changed source is built anew.
"""

from pathlib import Path

from offline.go_build import MODULES, GoProgram, build, source_digest, sources_of
from offline.progress import Say
from offline.tool_cache import alone, cache_directory

MODULE = MODULES / "kubernetes"

_PROGRAM = GoProgram("kubernetes", MODULE, duration="about 2 minutes on 2 cores the first time")


def find_program(report: Say) -> Path:
    """The program's executable; built where the cache holds none.

    Args:
        report: where the signs of life of a build go.

    Raises:
        MissingToolError: when it can't be built; the message ends with the compiler's last lines.
    """
    place = cache_directory() / f"kubernetes-api-server-{source_digest(sources_of(MODULE))}"
    executable = place / "bin" / _PROGRAM.name
    if not executable.is_file():
        with alone("the Kubernetes API server's checks", report):
            if not executable.is_file():
                build(_PROGRAM, place, report)
    return executable
