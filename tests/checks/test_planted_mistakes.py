"""Planted mistakes, one a row: in settings, resources, policies, objects, orders and destroy orders.

Each is refused at its place, in words that help; those in resources by their judge.
"""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from offline.checks.finding import Finding
from offline.checks.judge import Judge
from offline.checks.judges import all_judges, closing, findings_among, findings_in
from offline.providers.resource import Resource
from offline.providers.values import plain, secret, secret_texts
from tests.checks.mistakes_aws_rules import AWS_RULES_MISTAKES
from tests.checks.mistakes_aws_schema import AWS_SCHEMA_MISTAKES
from tests.checks.mistakes_aws_values import AWS_VALUE_MISTAKES
from tests.checks.mistakes_charts import CHART_MISTAKES
from tests.checks.mistakes_deletion import DELETION_MISTAKES, PlantedDeletion
from tests.checks.mistakes_iam import IAM_MISTAKES
from tests.checks.mistakes_kubernetes import KUBERNETES_MISTAKES
from tests.checks.mistakes_load_balancers import LOAD_BALANCER_MISTAKES
from tests.checks.mistakes_order import ORDER_MISTAKES
from tests.checks.mistakes_pools import POOL_MISTAKES
from tests.checks.mistakes_scheduling import SCHEDULING_MISTAKES
from tests.checks.mistakes_settings import SETTINGS_MISTAKES, PlantedSetting
from tests.checks.mistakes_takeover import TAKEOVER_MISTAKES
from tests.checks.mistakes_yunikorn import YUNIKORN_MISTAKES
from tests.checks.planted import Inputs, Planted, planted_in


def by_judge(mistakes: list[Planted]) -> dict[str, list[Planted]]:
    """Judge to its rows."""
    rows: dict[str, list[Planted]] = {}
    for each in mistakes:
        rows.setdefault(each.judge, []).append(each)
    return rows


# Each judge has a module of rows beside this one.
MISTAKES: list[Planted] = [
    *AWS_RULES_MISTAKES,
    *AWS_SCHEMA_MISTAKES,
    *AWS_VALUE_MISTAKES,
    *CHART_MISTAKES,
    *IAM_MISTAKES,
    *KUBERNETES_MISTAKES,
    *LOAD_BALANCER_MISTAKES,
    *ORDER_MISTAKES,
    *SCHEDULING_MISTAKES,
    *TAKEOVER_MISTAKES,
    *YUNIKORN_MISTAKES,
]
# Two of each judge, because the whole stack is judged for each, and one that is seen in another resource.
SOME_OF_EACH_JUDGE = [
    *(each for rows in by_judge(MISTAKES).values() for each in rows[:2]),
    next(each for each in AWS_RULES_MISTAKES if each.place == "cidrBlock" and "overlap" in each.says),
]


@pytest.fixture(scope="session")
def judges() -> Iterator[tuple[Judge, ...]]:
    """All of them, with the programs that they ask, which take longer to start than to answer."""
    asked = all_judges()
    with closing(asked):
        yield asked


def found(resources: tuple[Resource, ...], mistake: Planted, judges: tuple[Judge, ...]) -> list[Finding]:
    changed = planted_in(resources, mistake, copy.deepcopy)
    target = next(each for each in changed if (each.type, each.name) == (mistake.type, mistake.name))
    return findings_in(target, judges) + findings_among(changed, judges)


@pytest.mark.parametrize("mistake", [*SETTINGS_MISTAKES, *POOL_MISTAKES, *MISTAKES, *DELETION_MISTAKES], ids=str)
def test_a_planted_mistake_is_refused_at_its_place(
    request: pytest.FixtureRequest, mistake: PlantedSetting | Planted | PlantedDeletion
) -> None:
    match mistake:
        case PlantedSetting():
            mistake.assert_refused()
        case PlantedDeletion():
            mistake.assert_refused(request.getfixturevalue("standing"))
        case Planted():
            assert_found(request, mistake)


def assert_found(request: pytest.FixtureRequest, mistake: Planted) -> None:
    """The mistake's judge names the place, in words that help; alone where the row says so."""
    findings = found(request.getfixturevalue(mistake.stack), mistake, request.getfixturevalue("judges"))
    mine = [each for each in findings if each.judge == mistake.judge and each.property == mistake.place]
    mine = [each for each in mine if mistake.found_in in ("", each.name)]
    assert mine, [str(each) for each in findings]
    assert any(mistake.says in str(each) for each in mine), [str(each) for each in mine]
    for each in mine:
        assert each.rule
        assert each.source
        assert each.fix
    if mistake.alone:
        assert {each.judge for each in findings} == {mistake.judge}


@pytest.mark.parametrize("mistake", SOME_OF_EACH_JUDGE, ids=str)
def test_a_finding_shows_nothing_that_is_marked_secret(
    request: pytest.FixtureRequest, judges: tuple[Judge, ...], mistake: Planted
) -> None:
    resources = request.getfixturevalue(mistake.stack)
    (before,) = (each for each in resources if (each.type, each.name) == (mistake.type, mistake.name))
    changed = next(each for each in planted_in(resources, mistake, copy.deepcopy) if each.urn == before.urn)
    wrong = {*long_texts(changed.inputs)} - {*long_texts(before.inputs)}

    def marked(inputs: Inputs) -> None:
        mistake.change(inputs)
        for key in inputs.keys() - {"apiVersion", "kind"}:
            inputs[key] = secret(plain(inputs[key]))

    for finding in found(resources, replace(mistake, change=marked), judges):
        shown = str(finding)
        assert not [each for each in wrong if each in shown], shown


def long_texts(value: object) -> Iterator[str]:
    """Texts that are too long to stand in a sentence by chance."""
    yield from (each for each in secret_texts(secret(value)) if len(each) > 8)


def test_no_judge_is_decoration(judges: tuple[Judge, ...]) -> None:
    alone = Counter(mistake.judge for mistake in MISTAKES if mistake.alone)
    assert {judge.name: alone[judge.name] >= 5 for judge in judges} == {judge.name: True for judge in judges}


@pytest.mark.parametrize("stack", ["production", "installed", "with_live_ui"])
def test_what_mistakes_are_planted_in_has_none_itself(
    request: pytest.FixtureRequest, judges: tuple[Judge, ...], stack: str
) -> None:
    resources: tuple[Resource, ...] = request.getfixturevalue(stack)
    findings = [finding for resource in resources for finding in findings_in(resource, judges)]
    assert [str(each) for each in findings + findings_among(resources, judges)] == []
