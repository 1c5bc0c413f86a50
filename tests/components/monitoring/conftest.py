"""Monitoring as the stacks have it, built once a module."""

import pytest

from tests.components.monitoring.environment import LARGE, SHAPES, SMALL, build
from tests.recorder import Recorder


@pytest.fixture(scope="module")
def small() -> Recorder:
    return build(SMALL, protect=False)


@pytest.fixture(scope="module")
def large() -> Recorder:
    return build(LARGE)


@pytest.fixture(scope="module", params=SHAPES, ids=str)
def any_shape(request: pytest.FixtureRequest) -> Recorder:
    return build(SHAPES[request.param])
