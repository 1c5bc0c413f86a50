"""The program that answers as an API server: built from `tools/kubernetes`."""

from pathlib import Path

from offline.go_build import MODULES, GoProgram
from offline.own_program import own_program
from offline.progress import Say

MODULE = MODULES / "kubernetes"


def find_program(report: Say) -> Path:
    """The program's executable; built where the cache holds none.

    Args:
        report: where the signs of life of a build go.

    Raises:
        MissingToolError: when it can't be built; the message ends with the compiler's last lines.
    """
    program = GoProgram("kubernetes", MODULE, duration="about 2 minutes on 2 cores the first time")
    return own_program(program, "kubernetes-api-server", "the Kubernetes API server's checks", report)
