"""The ledger: a preview tells every mistake once and makes nothing, an update refuses at the resource."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from offline.checks.finding import Finding
from offline.checks.graph import Graph
from offline.checks.ledger import Ledger, RefusedError
from offline.providers.resource import Resource
from offline.providers.values import UNKNOWN

QUEUE = Resource("urn:pulumi:dev::moka::aws:sqs/queue:Queue::jobs", {"delaySeconds": 9999})
TOPIC = Resource("urn:pulumi:dev::moka::aws:sns/topic:Topic::alerts", {})


class Strict:
    """A judge that refuses every queue, and a stack without a topic."""

    def __init__(self, name: str) -> None:
        self.name = name

    def finding(self, resource: Resource, place: str) -> Finding:
        return Finding(self.name, resource.type, resource.name, place, "9999", f"offends {self.name}", "API", "Write 0")

    def inspect(self, resource: Resource) -> Iterable[Finding]:
        return [self.finding(resource, "delaySeconds")] if "queue" in resource.type else []

    def inspect_together(self, resources: Sequence[Resource]) -> Iterable[Finding]:
        return [] if any("topic" in each.type for each in resources) else [self.finding(resources[0], "")]


def refused(ledger: Ledger) -> str:
    with pytest.raises(RefusedError) as caught:
        ledger.refuse("dev", {}, Graph({}))
    return str(caught.value)


def test_a_preview_goes_on_and_is_refused_at_its_end_with_everything() -> None:
    ledger = Ledger([Strict("one")], refuses_at_once=False)
    assert ledger.check(QUEUE) == []
    message = refused(ledger)
    assert message.startswith("dev: 2 mistakes that AWS or Kubernetes would refuse")
    assert "aws:sqs/queue:Queue jobs, delaySeconds is '9999', but it offends one (API). Write 0." in message


def test_an_update_refuses_at_the_resource() -> None:
    ledger = Ledger([Strict("one")], refuses_at_once=True)
    (failure,) = ledger.check(QUEUE)
    assert failure.property == "", "the engine prints the value of a property, which may be a whole document"
    assert "delaySeconds is '9999'" in failure.reason
    assert "offends one" in failure.reason


def test_a_mistake_that_two_judges_see_is_told_once() -> None:
    ledger = Ledger([Strict("one"), Strict("two")], refuses_at_once=False)
    ledger.check(QUEUE)
    ledger.check(TOPIC)
    message = refused(ledger)
    assert "1 mistake " in message
    assert "offends two" not in message


def test_the_last_word_on_a_resource_holds() -> None:
    ledger = Ledger([Strict("one")], refuses_at_once=False)
    ledger.check(QUEUE)
    ledger.check(Resource(QUEUE.urn.replace("sqs/queue:Queue", "sns/topic:Topic"), {}))
    assert "1 mistake " in refused(ledger)


def test_what_two_judges_say_of_two_parts_of_a_document_is_told_of_both() -> None:
    class Reader(Strict):
        def finding(self, resource: Resource, place: str) -> Finding:
            return replace(super().finding(resource, place), part=f"statement {self.name}")

    ledger = Ledger([Reader("one"), Reader("two")], refuses_at_once=False)
    ledger.check(QUEUE)
    ledger.check(TOPIC)
    message = refused(ledger)
    assert "jobs, delaySeconds, statement one, has '9999', but it offends one" in message
    assert "offends two" in message


def test_a_run_is_asked_about_again_while_a_judge_could_not_see_a_value() -> None:
    unknown = Resource(QUEUE.urn, {"kmsMasterKeyId": UNKNOWN})
    for judges, resource, leaves in (
        ([Strict("one")], unknown, True),
        ([Strict("one")], QUEUE, False),
        ([], unknown, False),
    ):
        ledger = Ledger(judges, refuses_at_once=False)
        ledger.check(resource)
        assert ledger.leaves_something is leaves


def test_a_place_is_written_as_pulumi_writes_it() -> None:
    found = Strict("one").finding(QUEUE, "rules.0.transitions.12.days")
    assert str(found).startswith("aws:sqs/queue:Queue jobs, rules[0].transitions[12].days is '9999'")


def test_a_stack_without_a_mistake_passes() -> None:
    ledger = Ledger([Strict("one")], refuses_at_once=False)
    ledger.check(TOPIC)
    ledger.refuse("dev", {}, Graph({}))
