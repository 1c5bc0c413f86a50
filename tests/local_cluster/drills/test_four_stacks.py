"""All four stacks on a real control plane: they come up, they converge, and they go."""

import pytest

from tests.local_cluster.conftest import RunningStacks
from tests.stack_files import ENVIRONMENTS

pytestmark = pytest.mark.cluster

# What AWS or Kubernetes keeps for itself.
NAMESPACES_OF_A_CLUSTER = {"default", "kube-node-lease", "kube-public", "kube-system"}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_stack_comes_up_converges_and_shows_no_change(running: RunningStacks, stack: str) -> None:
    up = running[stack]
    up.converges()
    summary = up.preview()
    assert not summary.has_changes, "\n".join(map(str, summary.changed))
    if stack == "test":
        return
    # Memory is for one at a time; test stays for the test below.
    up.cluster.stop()


def test_what_test_has_is_gone_after_a_destroy(running: RunningStacks) -> None:
    up = running["test"]
    summary = up.destroy()
    assert sum(summary.resources.values()) == 0
    assert {each["metadata"]["name"] for each in up.listed("Namespace")} == NAMESPACES_OF_A_CLUSTER
    assert up.listed("Node") == []
    assert up.listed("PersistentVolume") == []


def test_what_dev_has_is_gone_after_a_destroy_once_its_buckets_may_be_emptied(running: RunningStacks) -> None:
    up = running["dev"]
    up.change({"log_buckets/on_destroy": "empty"})
    up.up()
    assert sum(up.destroy().resources.values()) == 0
    assert {each["metadata"]["name"] for each in up.listed("Namespace")} == NAMESPACES_OF_A_CLUSTER
    assert up.listed("PersistentVolume") == []


def test_a_cluster_goes_on_after_a_stop_with_what_it_had(running: RunningStacks) -> None:
    up = running["staging"]
    up.cluster.start()
    up.converges()
    assert not up.preview().has_changes
