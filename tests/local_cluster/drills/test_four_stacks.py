"""All four stacks on a real control plane: they come up, they converge, and they outlast a stop."""

import pytest

from tests.local_cluster.conftest import RunningStacks, on
from tests.stack_files import ENVIRONMENTS

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("stack", [pytest.param(each, marks=on(each)) for each in ENVIRONMENTS])
def test_a_stack_comes_up_converges_and_shows_no_change(running: RunningStacks, stack: str) -> None:
    up = running[stack]
    up.converges()
    summary = up.preview()
    assert not summary.has_changes, "\n".join(map(str, summary.changed))


@on("staging")
def test_a_cluster_goes_on_after_a_stop_with_what_it_had(running: RunningStacks) -> None:
    up = running["staging"]
    up.cluster.stop()
    up.cluster.start()
    up.converges()
    assert not up.preview().has_changes
