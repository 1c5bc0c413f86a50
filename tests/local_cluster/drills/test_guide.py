"""Every command of docs/local-cluster.md does what the page says, in the order in which it stands there."""

import os
import re
import subprocess

import pytest

from components.settings import STACKS
from local_cluster.stack import local_stack
from offline.progress import silent
from tests.local_cluster.conftest import RunningStacks

pytestmark = pytest.mark.cluster

ROOT = STACKS.parent
GUIDE = ROOT / "docs" / "local-cluster.md"


def commands() -> list[str]:
    """The shell lines of the guide, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.strip().splitlines()]


def test_every_command_of_the_guide_works(running: RunningStacks) -> None:
    making = [each for each in commands() if each.startswith("make ")]
    using = [each for each in commands() if not each.startswith("make ")]
    assert len(making) == 4
    assert len(using) == 4
    first, stop, again, delete = making
    script = "\n".join(["set -e", first, stop, again, *using, delete])
    home = {"MOKA_OFFLINE_HOME": str(running.directory), "MOKA_CLUSTER_HOME": str(running.directory)}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env={**os.environ, **home}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "prometheus-0-0" in done.stdout
    assert "\nyes\n" in done.stdout
    assert not local_stack(ROOT, running.directory, "dev", silent)[1].is_running
