"""Stacks on clusters of this machine, each brought up once for the tests of a process."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cluster.certificates import make_authority
from local_cluster.directory import ClusterDirectory
from tests.local_cluster.drills.running_stack import RunningStack


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """A cluster's directory with an authority, before anything runs."""
    made = ClusterDirectory(tmp_path / "cluster", "dev")
    made.make()
    make_authority(made)
    return made


class RunningStacks:
    """Brings stacks up on demand; all share nothing.

    Args:
        directory: where they go.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._running: dict[str, RunningStack] = {}

    def __getitem__(self, stack: str) -> RunningStack:
        if stack not in self._running:
            self._running[stack] = made = RunningStack(stack, self.directory / stack)
            made.up()
        return self._running[stack]

    def add(self, stack: RunningStack) -> None:
        """Take one along that a test brings up itself, with other settings."""
        self._running[stack.name] = stack

    def end(self) -> None:
        """Stop every cluster."""
        for each in self._running.values():
            each.end()


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStacks]:
    """The stacks of a module's tests, in a directory with a short name: names of sockets are short."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    stacks = RunningStacks(directory)
    try:
        yield stacks
    finally:
        stacks.end()
        shutil.rmtree(directory, ignore_errors=True)
