"""The log agent with its defaults, and the identities of the log workloads, built once a module."""

import pytest

from tests.components.logs.agent import build, build_identities
from tests.recorder import Recorder


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()


@pytest.fixture(scope="module")
def identities() -> Recorder:
    return build_identities()
