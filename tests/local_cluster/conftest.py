"""Stacks on clusters of this machine, each brought up once: the tests of a stack go to one process, in some order."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cluster.certificates import make_authority
from local_cluster.directory import ClusterDirectory
from tests.local_cluster.drills.running_stack import RunningStack

# What brings a stack up in a way of its own goes before all others of its group, and what leaves it otherwise than it
# came up follows them.
_FIRST, _LAST = ("test_ctrl_c.py", "test_guide.py"), ("test_changes.py", "test_destroy.py", "test_secrets.py")
_ORDER = {name: rank for names, start in ((_FIRST, -2), (_LAST, 1)) for rank, name in enumerate(names, start)}


def on(stack: str) -> pytest.MarkDecorator:
    """A mark of tests that share a stack: one process runs them all."""
    return pytest.mark.xdist_group(stack)


# Before the plugin that reads the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests in order, those that share a stack together, and a file that shares nothing into one process."""
    here = Path(__file__).parent
    groups: dict[str, int] = {}
    for item in items:
        if item.path.is_relative_to(here) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        groups.setdefault(_group_of(item), len(groups))
    items.sort(key=lambda item: (groups[_group_of(item)], _ORDER.get(item.path.name, 0)))


def _group_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    return "" if mark is None else str(mark.args[0])


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """A cluster's directory with an authority, before anything runs."""
    made = ClusterDirectory(tmp_path / "cluster", "dev")
    made.make()
    make_authority(made)
    return made


class RunningStacks:
    """Brings stacks up on demand; all share nothing, and one runs at a time, for memory.

    Args:
        directory: where they go.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._running: dict[str, RunningStack] = {}

    def __getitem__(self, stack: str) -> RunningStack:
        for name, other in self._running.items():
            if name != stack:
                other.cluster.stop()
        if stack not in self._running:
            self.add(stack).up()
        elif not self._running[stack].cluster.is_running:
            self._running[stack].cluster.start()
        return self._running[stack]

    def add(self, stack: str) -> RunningStack:
        """One that a test brings up itself, in its own way or with other settings."""
        self._running[stack] = RunningStack(stack, self.directory / stack)
        return self._running[stack]

    def adopt(self, name: str, stack: RunningStack) -> None:
        """One that came up elsewhere, and is stopped when another is asked for."""
        self._running[name] = stack

    def end(self) -> None:
        """Stop every cluster."""
        for each in self._running.values():
            each.end()


@pytest.fixture(scope="session")
def running() -> Iterator[RunningStacks]:
    """The stacks of a process's tests, in a directory with a short name: names of sockets are short."""
    directory = Path(tempfile.mkdtemp(prefix="moka-"))
    stacks = RunningStacks(directory)
    try:
        yield stacks
    finally:
        stacks.end()
        shutil.rmtree(directory, ignore_errors=True)
