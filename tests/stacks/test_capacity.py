"""Elastic capacity on the real engine: who must outlive whom, so that no instance runs on and no object stays."""

from functools import cache

import pytest

from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of, needs, type_of

POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
RELEASE = "kubernetes:helm.sh/v3:Release"


class Order:
    """Who needs whom in a stack that is up.

    Args:
        resources: of its deployment.
    """

    def __init__(self, resources: list[dict[str, object]]) -> None:
        self._needs = needs(resources)

    def named(self, token: str, name: str = "") -> set[str]:
        """URNs of a type, and of a name where one is given."""
        return {urn for urn in self._needs if type_of(urn) == token and name_of(urn) in (name or name_of(urn), name)}

    def assert_gone_before(self, first: set[str], later: set[str]) -> None:
        """Each of the first needs every one of the later, which is therefore deleted after it."""
        assert first, later
        assert later
        for urn in first:
            assert later <= self._needs[urn], f"{name_of(urn)} may outlive {later - self._needs[urn]}"


@pytest.fixture(params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest) -> str:
    return request.param


@cache
def order_of(stacks: StacksThatAreUp, stack: str) -> Order:
    stacks.up(stack)
    return Order(stacks.engine.export(stack)["resources"])


def test_drivers_go_before_the_pools_whose_nodes_wait_for_them(stacks: StacksThatAreUp, stack: str) -> None:
    order = order_of(stacks, stack)
    applications = order.named("kubernetes:core/v1:Namespace", "spark-namespace")
    order.assert_gone_before(applications, order.named(POOL))


def test_pools_go_before_their_classes_and_these_before_karpenter_and_its_definitions(
    stacks: StacksThatAreUp, stack: str
) -> None:
    order = order_of(stacks, stack)
    assert {name_of(urn) for urn in order.named(POOL)} == set(settings(stack).node_pools)
    for pool in order.named(POOL):
        order.assert_gone_before({pool}, order.named(NODE_CLASS, f"{name_of(pool)}-nodes"))
    karpenter, definitions = order.named(RELEASE, "karpenter"), order.named(RELEASE, "karpenter-crd")
    order.assert_gone_before(order.named(NODE_CLASS), karpenter)
    order.assert_gone_before(karpenter, definitions)
    order.assert_gone_before(definitions, order.named("kubernetes:core/v1:Namespace", "karpenter-namespace"))


def test_karpenter_goes_before_the_nodes_that_it_runs_on_and_these_before_who_it_is(
    stacks: StacksThatAreUp, stack: str
) -> None:
    order = order_of(stacks, stack)
    groups = order.named("aws:eks/nodeGroup:NodeGroup")
    order.assert_gone_before(order.named(RELEASE, "karpenter"), groups)
    order.assert_gone_before(
        groups, order.named("aws:eks/podIdentityAssociation:PodIdentityAssociation", "karpenter-pod")
    )


def test_what_nodes_of_pools_are_launched_with_outlives_them(stacks: StacksThatAreUp, stack: str) -> None:
    order = order_of(stacks, stack)
    for token in ("aws:iam/instanceProfile:InstanceProfile", "aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc"):
        order.assert_gone_before(order.named(NODE_CLASS), order.named(token))
    for token in ("aws:sqs/queue:Queue", "aws:cloudwatch/eventTarget:EventTarget"):
        queue = {urn for urn in order.named(token) if name_of(urn).startswith("interruptions")}
        order.assert_gone_before(order.named(RELEASE, "karpenter"), queue)
