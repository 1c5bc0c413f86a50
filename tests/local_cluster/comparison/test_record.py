"""The record of docs/kubernetes-rules.md has every rule and every planted mistake, and says why verdicts differ."""

from offline.providers.resource import Resource
from tests.local_cluster.comparison.changes import CHANGES
from tests.local_cluster.comparison.compare import QUICK
from tests.local_cluster.comparison.record import read
from tests.local_cluster.comparison.rules import labelled, rule_of, rules
from tests.local_cluster.comparison.verdicts import REFUSED


def test_every_rule_of_kubernetes_objects_is_compared() -> None:
    assert sorted(rules() - {each.rule for each in read()}) == []


def test_every_planted_mistake_and_every_change_has_one_row_and_no_row_is_left_over(
    production: tuple[Resource, ...],
) -> None:
    planted = [(rule_of(mistake, production), label, QUICK) for label, mistake in labelled()]
    changed = [(each.rule, each.label, each.quick) for each in CHANGES]
    assert sorted((each.rule, each.mistake, each.quick) for each in read()) == sorted([*planted, *changed])


def test_a_row_says_why_its_rule_is_there_where_the_api_server_says_nothing() -> None:
    assert [each.key for each in read() if each.real != REFUSED and not each.reason] == []
