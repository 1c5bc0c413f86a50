"""What a stack has on a real control plane is gone after a destroy."""

import pytest

from tests.local_cluster.conftest import RunningStacks, on
from tests.local_cluster.drills.guide import commands, run
from tests.local_cluster.drills.running_stack import RunningStack

pytestmark = pytest.mark.cluster

# What AWS or Kubernetes keeps for itself.
NAMESPACES_OF_A_CLUSTER = {"default", "kube-node-lease", "kube-public", "kube-system"}


def is_empty(stack: RunningStack) -> None:
    """Nothing is left but what every cluster has."""
    assert {each["metadata"]["name"] for each in stack.listed("Namespace")} == NAMESPACES_OF_A_CLUSTER
    assert stack.listed("Node") == []
    assert stack.listed("PersistentVolume") == []


@on("test")
def test_what_test_has_is_gone_after_a_destroy(running: RunningStacks) -> None:
    up = running["test"]
    assert sum(up.destroy().resources.values()) == 0
    is_empty(up)


@on("dev")
def test_what_dev_has_is_gone_after_a_destroy_once_its_buckets_may_be_emptied(running: RunningStacks) -> None:
    up = running["dev"]
    up.change({"log_buckets/on_destroy": "empty"})
    up.up()
    assert sum(up.destroy().resources.values()) == 0
    is_empty(up)


@on("dev")
def test_the_guides_last_command_leaves_nothing_of_a_cluster(running: RunningStacks) -> None:
    up = running["dev"]
    (delete,) = [each for each in commands(real=False) if each.startswith("make cluster-delete ")]
    done = run([delete], up.home)
    assert done.returncode == 0, done.stderr
    assert not up.cluster.is_running
    assert not up.cluster.directory.root.exists()
    assert not up.state_file.exists()
