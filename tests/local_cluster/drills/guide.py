"""The commands of docs/local-cluster.md, and a shell that runs them on a state of its own."""

import os
import re
import subprocess
from pathlib import Path

from components.settings import STACKS

ROOT = STACKS.parent
GUIDE = ROOT / "docs" / "local-cluster.md"
# What needs root and Linux.
_REAL = ("Containers that run", "A Spark application")


def commands(*, real: bool) -> list[str]:
    """The shell lines of the guide without comments: those of real nodes, or all others."""
    sections = re.split(r"^## ", GUIDE.read_text(), flags=re.MULTILINE)
    chosen = [each for each in sections if (each.partition("\n")[0] in _REAL) == real]
    blocks = [block for each in chosen for block in re.findall(r"```sh\n(.*?)```", each, re.DOTALL)]
    return [line.partition("#")[0].strip() for block in blocks for line in block.strip().splitlines()]


def run(lines: list[str], home: Path) -> "subprocess.CompletedProcess[str]":
    """Run lines in one shell, which ends at the first that fails; `.cluster` is another place for them."""
    script = "\n".join(["set -e", *lines]).replace(".cluster/", f"{home}/")
    variables = {"MOKA_OFFLINE_HOME": str(home), "MOKA_CLUSTER_HOME": str(home)}
    return subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
