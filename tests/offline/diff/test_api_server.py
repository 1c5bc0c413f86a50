"""What a real API server answers stands beside what the emulation has told."""

from pathlib import Path

import pytest

from offline.diff.api_server import Answer, with_answers
from offline.diff.resource_change import ResourceChange
from offline.diff.revision import Revision
from offline.diff.stack_comparison import StackComparison
from offline.summary import Change

POLICY = "urn:pulumi:dev::moka::kubernetes:networking.k8s.io/v1:NetworkPolicy::own"
CLAIM = "urn:pulumi:dev::moka::kubernetes:core/v1:PersistentVolumeClaim::data"
TOPIC = "urn:pulumi:dev::moka::aws:sns/topic:Topic::alerts"
BASE, HEAD = Revision("main", Path("/base")), Revision("the work tree", Path("/head"))
TAKEN = "The API server of Kubernetes 1.35.4 takes all of it"


def told(*changes: Change) -> StackComparison:
    return StackComparison("dev", "changed", tuple(ResourceChange(each) for each in changes))


def answered(comparison: StackComparison, answer: Answer) -> StackComparison:
    (found,) = with_answers([comparison], BASE, HEAD, lambda *_: answer)
    return found


def test_an_answer_that_agrees_is_one_line_and_the_account_is_not_its_matter() -> None:
    comparison = told(Change("update", POLICY), Change("update", TOPIC))
    found = answered(comparison, Answer("1.35.4", changes=(Change("update", POLICY),)))
    assert (found.outcome, found.api_server, found.dangers) == ("changed", (TAKEN,), ())


def test_a_refusal_is_why_the_stack_cannot_be_deployed() -> None:
    found = answered(told(Change("update", POLICY)), Answer("1.35.4", refusal="field is immutable"))
    assert found.outcome == "refused"
    assert found.refusal == "The API server of Kubernetes 1.35.4:\nfield is immutable"


@pytest.mark.parametrize(
    ("found", "line", "danger"),
    [
        (
            (Change("replace", CLAIM), Change("update", POLICY)),
            "there it is replace kubernetes:core/v1:PersistentVolumeClaim data, not update",
            "dev replace kubernetes:core/v1:PersistentVolumeClaim data",
        ),
        (
            (Change("update", POLICY),),
            "there it is nothing kubernetes:core/v1:PersistentVolumeClaim data, not update",
            "",
        ),
    ],
)
def test_what_happens_otherwise_there_is_told_and_is_a_danger_where_something_goes(
    found: tuple[Change, ...], line: str, danger: str
) -> None:
    comparison = answered(told(Change("update", CLAIM), Change("update", POLICY)), Answer("1.35.4", changes=found))
    assert comparison.api_server == (TAKEN, line)
    assert [str(each) for each in comparison.dangers] == [danger] * bool(danger)


def test_what_changes_again_at_each_update_is_told() -> None:
    answer = Answer("1.35.4", changes=(Change("update", POLICY),), unsettled=(Change("update", POLICY, ("spec",)),))
    found = answered(told(Change("update", POLICY)), answer)
    assert found.api_server[1] == (
        "there the next update would update kubernetes:networking.k8s.io/v1:NetworkPolicy own (spec) again"
    )


def test_only_stacks_that_change_are_carried_out_and_one_that_is_new_has_no_base() -> None:
    outcomes = ("unaffected", "unchanged", "changed", "refused", "new", "gone")
    asked: list[tuple[Path | None, Path, str]] = []

    def ask(base: Path | None, head: Path, stack: str) -> Answer:
        asked.append((base, head, stack))
        return Answer("1.35.4")

    with_answers([StackComparison(each, each) for each in outcomes], BASE, HEAD, ask)
    assert asked == [(BASE.directory, HEAD.directory, "changed"), (None, HEAD.directory, "new")]
