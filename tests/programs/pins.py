"""Writes `tools/collector/go.mod` and `go.sum` for a changed manifest: `python -m tests.programs.pins`.

The builder's own versions are those of `tools/collector/builder/go.mod`, which `go get` changes.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from local_cluster.images.programs.collector import PINS, generate
from offline.progress import say, step

# Each needs modules that the others don't.
SYSTEMS = ("linux", "darwin")


def main() -> None:
    """Resolve the manifest's modules and all that they need."""
    with tempfile.TemporaryDirectory() as scratch:
        # The builder tidies the module at its end. Where that fails on modules that only tests need, go.mod is there.
        sources = generate(Path(scratch), say)
        environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "CGO_ENABLED": "0"}
        with step("resolving the collector's modules"):
            for system in SYSTEMS:
                command, values = ["go", "list", "-deps", "."], {**environment, "GOOS": system}
                subprocess.run(command, cwd=sources, env=values, check=True, capture_output=True)
        for pins in PINS:
            shutil.copy(sources / pins.name, pins)


if __name__ == "__main__":
    main()
