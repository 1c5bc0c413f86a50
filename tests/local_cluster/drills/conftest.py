"""A stack whose containers run, for the drills that need some."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cluster.nodes.real import control_groups
from tests.local_cluster.conftest import RunningStacks
from tests.local_cluster.containers import CONTAINERS_RUN
from tests.local_cluster.drills.guide import commands, run
from tests.local_cluster.drills.running_stack import RunningStack


@pytest.fixture(scope="session")
def dev(running: RunningStacks) -> Iterator[RunningStack]:
    """Dev as the guide brings it up: with a node for the platform and two for applications where containers run."""
    mounts, links = Path("/proc/self/mounts").read_text(), set(os.listdir("/sys/class/net"))
    with tempfile.TemporaryDirectory(prefix="moka-", ignore_cleanup_errors=True) as directory:
        stack = RunningStack("dev", Path(directory), real_nodes=3 if CONTAINERS_RUN else 0)
        up, *_ = commands(real=CONTAINERS_RUN)
        done = run([up], stack.home)
        try:
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
            running.adopt("dev with containers", stack)
            yield stack
        finally:
            stack.end()
    assert Path("/proc/self/mounts").read_text() == mounts
    assert set(os.listdir("/sys/class/net")) == links
    group = control_groups.root_name(stack.cluster.directory)
    assert not any((top / group).exists() for top in control_groups.hierarchies())
