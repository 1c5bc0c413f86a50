"""Ctrl-C in the middle of `make cluster` and `make spark` leaves nothing behind, and the next run goes on."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from components.settings import STACKS
from local_cluster.nodes.real import control_groups
from offline.errors import EXIT_INTERRUPTED
from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.containers import needs_containers
from tests.local_cluster.drills.running_stack import RunningStack, wait_until

pytestmark = pytest.mark.cluster

# What a shell starts in the background has it ignored, and hands that down.
HEED_CTRL_C = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.fixture
def stack() -> Iterator[RunningStack]:
    """A state of its own, for the smallest stack."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    made = RunningStack("test", directory)
    yield made
    made.end()
    shutil.rmtree(directory, ignore_errors=True)


def mounts() -> str:
    """What is mounted, on a system that says so."""
    file = Path("/proc/self/mounts")
    return file.read_text() if file.exists() else ""


def makes_objects(stack: RunningStack) -> bool:
    """The stack comes up, and has made some objects."""
    try:
        return stack.cluster.is_running and bool(stack.listed("ConfigMap", namespace="logging"))
    except (OSError, ApiException, HTTPError):
        return False


def has_containers(stack: RunningStack) -> bool:
    """A container runtime of the cluster runs."""
    return stack.cluster.is_running and bool(control_groups.processes(stack.cluster.directory))


def press_ctrl_c(words: list[str], happened: Callable[[], bool], stack: RunningStack) -> tuple[int, str]:
    """Run a command as a terminal does, and stop it when something is so; returns its exit code and what it said."""
    variables = {**os.environ, "MOKA_OFFLINE_HOME": str(stack.home), "MOKA_CLUSTER_HOME": str(stack.home)}
    running = subprocess.Popen(
        [sys.executable, "-c", HEED_CTRL_C, "-m", *words],
        cwd=STACKS.parent,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: running.poll() is not None or happened(), lambda: ["it does not come so far"])
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    return running.returncode, said


def stop_in_the_middle(words: list[str], happened: Callable[[], bool], stack: RunningStack) -> None:
    """Stop a command in the middle: it says so, and leaves nothing behind."""
    before = mounts()
    code, said = press_ctrl_c(words, happened, stack)
    assert code == EXIT_INTERRUPTED, said
    assert re.search(r"^Stopped\. .*[Rr]un the same command again to continue\.$", said, re.MULTILINE), said
    assert not stack.cluster.is_running
    assert not control_groups.processes(stack.cluster.directory)
    assert mounts() == before


@on("test")
def test_nothing_is_left_of_make_cluster_when_it_is_stopped_and_the_next_one_goes_on(running: RunningStacks) -> None:
    stack = running.add("test")
    command = ["offline", "up", "test", "--cluster", "--real-nodes", "0"]
    stop_in_the_middle(command, lambda: makes_objects(stack), stack)
    stack.up()
    stack.converges()


@needs_containers
def test_nothing_is_left_of_make_spark_when_it_is_stopped(stack: RunningStack) -> None:
    command = ["local_cluster", "spark", "test", "--real-nodes", "1"]
    stop_in_the_middle(command, lambda: has_containers(stack), stack)
