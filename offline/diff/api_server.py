"""What a real API server says of a change, beside what the emulation says: it may refuse it, or act otherwise.

How it is asked, `local_cluster.change` knows.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from offline.diff.danger import Danger
from offline.diff.resource_change import ResourceChange, place_of
from offline.diff.revision import Revision
from offline.diff.stack_comparison import StackComparison
from offline.providers.names import urn_type
from offline.summary import Change

_KUBERNETES = "kubernetes:"
_LEFT_ALONE = "nothing"
_DESTRUCTIVE = frozenset({"delete", "replace"})
_CARRIED_OUT = frozenset({"changed", "new"})


@dataclass(frozen=True)
class Answer:
    """What came of a change that was carried out.

    Args:
        version: of Kubernetes.
        refusal: what ended it; empty where all of it was taken.
        changes: what the provider that asks the API server acted on; none for a stack that was not there.
        unsettled: what it would act on again right afterwards.
    """

    version: str
    refusal: str = ""
    changes: tuple[Change, ...] = ()
    unsettled: tuple[Change, ...] = ()


# Carries a change out: the revision that is deployed, or none, the one that would be, and the stack.
Ask = Callable[[Path | None, Path, str], Answer]


def with_answers(
    compared: Sequence[StackComparison], base: Revision, head: Revision, ask: Ask
) -> list[StackComparison]:
    """The same comparisons, with the API server's answer to each stack that changes.

    Args:
        compared: as the emulation has it.
        base: what is deployed.
        head: what would be.
        ask: carries one stack's change out.
    """
    return [
        _with_answer(each, ask(None if each.outcome == "new" else base.directory, head.directory, each.stack))
        if each.outcome in _CARRIED_OUT
        else each
        for each in compared
    ]


def _with_answer(comparison: StackComparison, answer: Answer) -> StackComparison:
    who = f"The API server of Kubernetes {answer.version}"
    if answer.refusal:
        return dataclasses.replace(comparison, outcome="refused", refusal=f"{who}:\n{answer.refusal}")
    unforeseen = [] if comparison.outcome == "new" else list(_unforeseen(comparison.resources, answer.changes))
    lines = [f"{who} takes all of it"]
    lines += [f"there it is {each.operation} {place_of(each.urn)}, not {told}" for each, told in unforeseen]
    lines += [f"there the next update would {each} again" for each in answer.unsettled]
    dangers = (
        Danger(comparison.stack, each.operation, place_of(each.urn), "only the API server's provider says so")
        for each, _ in unforeseen
        if each.operation in _DESTRUCTIVE
    )
    return dataclasses.replace(comparison, api_server=tuple(lines), dangers=(*comparison.dangers, *dangers))


def _unforeseen(told: Iterable[ResourceChange], changes: Iterable[Change]) -> Iterator[tuple[Change, str]]:
    """Kubernetes objects that something else happens to than was told, with what was told."""
    expected = {each.change.urn: each.change.operation for each in told if _is_object(each.change)}
    found = {each.urn: each for each in changes if _is_object(each)}
    for urn in sorted({*expected, *found}):
        change = found.get(urn, Change(_LEFT_ALONE, urn))
        if change.operation != expected.get(urn, _LEFT_ALONE):
            yield change, expected.get(urn, _LEFT_ALONE)


def _is_object(change: Change) -> bool:
    return urn_type(change.urn).startswith(_KUBERNETES)
