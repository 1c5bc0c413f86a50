"""Pods of stacks that are up on the real engine, and the AWS that they call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_cluster.aws.pods import PodsOfAStack
from tests.stacks.conftest import StacksThatAreUp


@pytest.fixture(scope="session")
def state_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """State file of each stack that these tests look at."""
    stacks = StacksThatAreUp(tmp_path_factory.mktemp("offline"))
    found: dict[str, Path] = {}
    for stack in ("dev", "production"):
        stacks.up(stack)
        found[stack] = stacks.engine.state(stack).file
    return found


@pytest.fixture(scope="module")
def dev(state_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodsOfAStack]:
    """Pods of dev."""
    served = PodsOfAStack("dev", state_files["dev"], tmp_path_factory.mktemp("dev"))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def production(state_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodsOfAStack]:
    """Pods of production, whose buckets lock."""
    served = PodsOfAStack("production", state_files["production"], tmp_path_factory.mktemp("production"))
    yield served
    served.stop()
