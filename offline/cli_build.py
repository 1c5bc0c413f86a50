"""Builds the `pulumi` CLI from its published Go modules, for networks that reach a module proxy and no release.

`tools/pulumi/go.mod` pins the modules. Without the version linked in, the Automation API refuses the CLI.
"""

from pathlib import Path

from offline.go_build import MODULES, GoProgram, build
from offline.progress import Say

MODULE = MODULES / "pulumi"

_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def pulumi(version: str) -> GoProgram:
    """The program, of a version."""
    return GoProgram("pulumi", MODULE, _PACKAGE, f"-X {_VERSION_VARIABLE}=v{version}", "about 5 minutes on 2 cores")


def build_pulumi(place: Path, version: str, report: Say) -> None:
    """Put the program into `place/bin`.

    Raises:
        MissingToolError: when there is no Go, or the build fails; the message ends with the compiler's last lines.
    """
    build(pulumi(version), place, report)
