"""The rules of the policy pack: kept by the four stacks, and broken by planted mistakes, in the real pack as well."""

import copy
from collections.abc import Iterator

import pytest

from offline.summary import masked
from policies.catalog import RULES
from policies.resource import Resource, Rule
from tests.policies.mistakes import MISTAKES, Mistake
from tests.policies.pack import Pack, serving, urn_of
from tests.stack_files import ENVIRONMENTS
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import name_of

Stacks = dict[str, list[Resource]]


@pytest.fixture(scope="module")
def registered(stacks: StacksThatAreUp) -> Stacks:
    """Everything that each stack registers."""
    found: Stacks = {}
    for stack in ENVIRONMENTS:
        stacks.up(stack)
        found[stack] = [
            Resource(each["type"], name_of(each["urn"]), stack, each.get("inputs", {}))
            for each in masked(stacks.engine.export(stack))["resources"]
            if each.get("custom")
        ]
    return found


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    with serving() as served:
        yield served


def planted(mistake: Mistake, registered: Stacks) -> tuple[list[Resource], Resource]:
    """A stack's resources with the mistake in one of them, and that one."""
    resources = registered[mistake.stack]
    right = next(each for each in resources if each.type == mistake.type and mistake.name in ("", each.name))
    inputs = copy.deepcopy(dict(right.inputs))
    mistake.change(inputs)
    wrong = Resource(right.type, right.name, right.stack, inputs)
    return [wrong if each is right else each for each in resources], wrong


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_stack_keeps_every_rule(registered: Stacks, stack: str) -> None:
    found = [(rule.name, each.name, wrong) for rule in RULES for each, wrong in rule.found(registered[stack])]
    assert found == []


def test_every_rule_looks_at_something_that_a_stack_has(registered: Stacks) -> None:
    for rule in RULES:
        assert [each for each in registered["production"] if each.type.startswith(rule.types)], rule.name


def test_every_rule_has_a_mistake_that_it_finds() -> None:
    assert {each.rule for each in MISTAKES} == {each.name for each in RULES}
    assert len({each.name for each in RULES}) == len(RULES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.rule}: {each.says}")
def test_a_mistake_is_found_by_its_rule(registered: Stacks, mistake: Mistake) -> None:
    resources, _ = planted(mistake, registered)
    (rule,) = (each for each in RULES if each.name == mistake.rule)
    assert [wrong for _, wrong in rule.found(resources) if mistake.says in wrong]


def test_the_real_pack_offers_every_rule(pack: Pack) -> None:
    assert sorted(pack.names()) == sorted(each.name for each in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.name)
def test_the_real_pack_stops_a_change_with_the_mistake(pack: Pack, registered: Stacks, rule: Rule) -> None:
    (mistake, *_) = (each for each in MISTAKES if each.rule == rule.name)
    resources, wrong = planted(mistake, registered)
    told = pack.of_stack(resources) if rule.together else pack.of_resource(wrong)
    spoken = [each for each in told if each.policy == mistake.rule and mistake.says in each.message]
    assert spoken
    assert all(each.is_mandatory for each in spoken)


def test_the_real_pack_says_nothing_of_a_stack_that_is_right(pack: Pack, registered: Stacks) -> None:
    assert pack.of_stack(registered["production"]) == []
    for each in registered["production"][:40]:
        assert pack.of_resource(each) == [], urn_of(each)
