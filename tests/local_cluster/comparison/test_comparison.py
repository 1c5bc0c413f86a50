"""What the real Kubernetes does with each planted mistake is what the record says."""

import pytest

from local_cluster.nodes.plan import GROUP, planned_nodes
from offline.checks.kubernetes.quantities import units
from offline.providers.resource import Resource
from tests.local_cluster.comparison.compare import compared
from tests.local_cluster.comparison.real_kubernetes import RealKubernetes
from tests.local_cluster.comparison.record import read

# They share a control plane.
pytestmark = [pytest.mark.cluster, pytest.mark.xdist_group("comparison")]


def test_the_record_is_what_the_real_kubernetes_does(
    production: tuple[Resource, ...], kubernetes: RealKubernetes
) -> None:
    now = {each.key: each.real for each in compared(production, kubernetes)}
    assert now == {each.key: each.real for each in read()}


def test_every_simulated_node_offers_the_memory_that_was_planned(
    production: tuple[Resource, ...], kubernetes: RealKubernetes
) -> None:
    planned = {
        node.name: node.allocatable.memory
        for group in production
        if group.type == GROUP
        for node in planned_nodes(group, production)
    }
    offered = {
        each["metadata"]["name"]: units(each["status"]["allocatable"]["memory"]) for each in kubernetes.listed("Node")
    }
    assert offered == {name: planned[name] // 1024 * 1024 for name in offered}
