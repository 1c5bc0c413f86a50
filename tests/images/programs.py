"""What signs images and says what is in them, built from modules; and all programs that tests here run.

cosign signs, and says who signed an image. Fulcio gives certificates to jobs by their tokens. syft lists what an image
is made of, and Trivy knows what of it is vulnerable.

`python -m tests.images.programs [NAME ...]` makes them.
"""

import sys

from local_cluster.programs.build import Build
from local_cluster.programs.buildkit import BUILDKIT
from local_cluster.programs.crane import CRANE
from local_cluster.programs.project import Project, find
from offline.go_build import MODULES, GoProgram, passing_cache
from offline.progress import say
from tests.images.emulation import QEMU


def _built(
    name: str, version: str, package: str, duration: str, *, module: str = "", tags: tuple[str, ...] = ()
) -> Project:
    """A program of a module below `tools/`, which is called as the program unless it is said."""
    program = GoProgram(name, MODULES / (module or name), package, duration=duration, tags=tags)
    return Project(name, (name,), [Build(version, [program]).way()])


# renovate: datasource=go depName=github.com/sigstore/cosign/v3
_COSIGN_VERSION = "3.1.3"
COSIGN = _built("cosign", _COSIGN_VERSION, "github.com/sigstore/cosign/v3/cmd/cosign", "about 3 minutes on 2 cores")

# renovate: datasource=go depName=github.com/sigstore/fulcio
_FULCIO_VERSION = "1.8.8"
FULCIO = _built("fulcio", _FULCIO_VERSION, "github.com/sigstore/fulcio", "about a minute on 2 cores")

# renovate: datasource=go depName=github.com/anchore/syft
_SYFT_VERSION = "1.57.2"
SYFT = _built("syft", _SYFT_VERSION, "github.com/anchore/syft/cmd/syft", "about 2 minutes on 2 cores")

# renovate: datasource=go depName=github.com/aquasecurity/trivy
TRIVY_VERSION = "0.74.0"
TRIVY = _built(
    "trivy",
    TRIVY_VERSION,
    "github.com/aquasecurity/trivy/cmd/trivy",
    "about 5 minutes on 2 cores",
    # It wants the experiment, which is said by a variable otherwise.
    tags=("goexperiment.jsonv2",),
)
VULNERABILITIES = _built("planted-vulnerabilities", TRIVY_VERSION, ".", "some seconds", module="vulnerabilities")

_ALL = (BUILDKIT, CRANE, COSIGN, FULCIO, QEMU, SYFT, TRIVY, VULNERABILITIES)
_PROJECTS = {project.name: project for project in _ALL}

if __name__ == "__main__":
    with passing_cache():
        for path in find([_PROJECTS[name] for name in sys.argv[1:] or _PROJECTS], say).values():
            print(path)
