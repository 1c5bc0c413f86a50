"""The log agent with its defaults, built once a module."""

import pytest

from tests.components.logs.agent import build
from tests.recorder import Recorder


@pytest.fixture(scope="module")
def recorded() -> Recorder:
    return build()
