"""The tree of components: who belongs where, what is counted, and that no count is lost on the way."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from offline.component_tree import Component, Step, component_tree, is_counted, kinds_in, place_in

STACK = "urn:pulumi:dev::moka::pulumi:pulumi:Stack::moka-dev"
OPERATIONS = ("create", "update", "replace", "delete", "same")


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::moka::{kind}::{name}"


def component(name: str, parent: str = STACK, operation: str = "create") -> Step:
    return Step(operation, urn("moka:index:Part", name), parent, is_component=True)


def resource(name: str, parent: str = STACK, operation: str = "create") -> Step:
    return Step(operation, urn("aws:sns/topic:Topic", name), parent)


WHOLE = Step("create", STACK, "", is_component=True)
ENVIRONMENT = component("environment")
NETWORK = component("network", ENVIRONMENT.urn)
SUBNETS = component("subnets", NETWORK.urn)
VPC = resource("vpc", NETWORK.urn)
SUBNET = resource("subnet", SUBNETS.urn)
PROVIDER = Step("create", urn("pulumi:providers:aws", "aws"), STACK)
ALL = (WHOLE, PROVIDER, ENVIRONMENT, NETWORK, SUBNETS, VPC, SUBNET)


def test_the_stack_is_at_the_top_and_each_component_holds_its_own_and_its_parts() -> None:
    subnets = Component("subnets", (SUBNETS, SUBNET))
    network = Component("network", (NETWORK, VPC), (subnets,))
    assert component_tree("dev", ALL) == Component(
        "dev", (WHOLE, PROVIDER), (Component("environment", (ENVIRONMENT,), (network,)),)
    )


def test_a_resource_below_another_resource_belongs_to_the_component_around_both() -> None:
    policy = resource("policy", VPC.urn)
    (environment,) = component_tree("dev", (*ALL, policy)).parts
    (network,) = environment.parts
    assert network.own == (NETWORK, VPC, policy)


def test_what_goes_down_before_its_parent_is_in_the_same_place() -> None:
    up, down = component_tree("dev", ALL), component_tree("dev", reversed(ALL))
    assert up.operations == down.operations
    assert [each.name for each in down.parts] == ["environment"]
    assert Counter(down.parts[0].steps) == Counter(up.parts[0].steps)


@given(some.lists(some.tuples(some.booleans(), some.integers(0, 30), some.sampled_from(OPERATIONS)), max_size=40))
def test_every_step_is_counted_once_wherever_it_is(drawn: list[tuple[bool, int, str]]) -> None:
    steps = [WHOLE]
    for number, (is_component, above, operation) in enumerate(drawn):
        made = component if is_component else resource
        steps.append(made(f"n{number}", steps[above % len(steps)].urn, operation))
    tree = component_tree("dev", steps)
    assert Counter(tree.steps) == Counter(steps)
    assert tree.operations == Counter(each.operation for each in steps)


@pytest.mark.parametrize(
    ("kind", "name", "counted"),
    [
        ("pulumi:providers:eks", "default_4_4_0", False),
        ("pulumi:providers:pulumi", "default", False),
        ("pulumi:providers:aws", "aws", True),
        ("aws:sns/topic:Topic", "default", True),
    ],
)
def test_providers_that_the_engine_makes_for_itself_are_not_counted(kind: str, name: str, counted: bool) -> None:
    assert is_counted(urn(kind, name)) is counted


def test_what_a_deployment_holds_is_told_by_package_and_components_come_last() -> None:
    listed = [
        {"urn": STACK, "type": "pulumi:pulumi:Stack"},
        {"urn": PROVIDER.urn, "type": "pulumi:providers:aws", "custom": True},
        {"urn": urn("pulumi:providers:pulumi", "default"), "type": "pulumi:providers:pulumi", "custom": True},
        {"urn": NETWORK.urn, "type": "moka:index:Part"},
        {"urn": urn("kubernetes:core/v1:Namespace", "a"), "type": "kubernetes:core/v1:Namespace", "custom": True},
        *({"urn": VPC.urn, "type": "aws:sns/topic:Topic", "custom": True} for _ in range(2)),
    ]
    kinds = kinds_in({"resources": listed})
    assert list(kinds.items()) == [("aws", 2), ("kubernetes", 1), ("components", 1), ("providers", 1), ("stack", 1)]


def test_the_place_of_a_run_is_a_component_of_the_environment_and_none_below_it() -> None:
    assert place_in(ALL) == "network"
    assert place_in(ALL[:3]) == "environment"
    assert place_in(ALL[:1]) == ""
    assert place_in(()) == ""
