"""The four stacks, each brought up once on the real engine for every test that looks at it."""

import shutil
from pathlib import Path

import pytest

from components.settings import STACKS
from offline.engine import OfflineEngine
from offline.summary import Summary
from offline.verbs import BOOTSTRAP


class StacksThatAreUp:
    """Brings stacks of a project up on demand and remembers what that did."""

    def __init__(self, home: Path, project: Path = STACKS.parent) -> None:
        self.engine = OfflineEngine(project, home)
        self.summaries: dict[str, Summary] = {}

    def up(self, stack: str) -> Summary:
        """The summary of the stack's first `up`."""
        if stack not in self.summaries:
            self.summaries[stack] = self.engine.up(stack)
        return self.summaries[stack]

    def copied(self, stack: str, home: Path, project: Path = STACKS.parent) -> OfflineEngine:
        """An engine on a copy of the state in which the stack is up, for a test that changes it."""
        self.up(stack)
        shutil.copytree(self.engine.home, home)
        return OfflineEngine(project, home)


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> StacksThatAreUp:
    """The stacks of this test session, in a state of their own."""
    return StacksThatAreUp(tmp_path_factory.mktemp("offline"))


@pytest.fixture(scope="session")
def bootstraps(tmp_path_factory: pytest.TempPathFactory) -> StacksThatAreUp:
    """The stacks of the bootstrap, by the names of the environments in whose accounts they are."""
    return StacksThatAreUp(tmp_path_factory.mktemp("bootstrap"), STACKS.parent / BOOTSTRAP)
