"""The proof as a whole, and what it found, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from offline.errors import IsolationError
from offline.isolation.environment import Environment, environment_of
from offline.isolation.iam_simulate import disagreements
from offline.isolation.layers import LAYERS
from offline.isolation.matrix import Matrix, locked_out, matrix_of
from offline.isolation.second_opinion import questions
from offline.progress import Say, step

_SHOWN = 20


def prove(deployments: Mapping[str, Mapping[str, Any]], report: Say, *, twice: bool) -> Iterator[str]:
    """Ask everything, and say what came of it, line by line.

    Args:
        deployments: name of each environment to what `up` makes of it.
        report: where signs of life go.
        twice: whether iam-simulate is asked as well.

    Raises:
        IsolationError: something is not refused, or can not be mended, or the two evaluators disagree.
    """
    environments = [environment_of(stack, each) for stack, each in deployments.items()]
    with step("asking for everything that another environment owns", report):
        matrix = matrix_of(environments)
    yield from _lines(environments, matrix)
    failures = [*matrix.failures, *(line for each in environments for line in locked_out(each))]
    if twice:
        asked = list(questions(matrix.asked))
        others = disagreements(asked, report)
        failures += others
        yield (
            f"{len(asked)} questions stand for these requests with layers taken away; iam-simulate answers "
            f"{len(asked) - len(others)} of them alike"
        )
    if failures:
        more = len(failures) - _SHOWN
        listed = "".join(f"\n  {each}" for each in failures[:_SHOWN])
        raise IsolationError(
            f"{len(failures)} of {len(matrix.asked)} requests are not as they should be:{listed}"
            + (f"\n  and {more} more" if more > 0 else "")
        )
    yield (
        f"each request is refused by {min(len(refusing) for _, refusing in matrix.asked)} layers or more, and "
        "administrators can mend every policy of their own environment"
    )


def _lines(environments: Sequence[Environment], matrix: Matrix) -> Iterator[str]:
    for each in environments:
        yield f"{each.account.environment:<12}{len(each.principals):>4} roles {len(each.targets):>5} resources"
    yield f"{len(matrix.asked)} requests for something of another environment; by layer, asked and refused by it alone:"
    for layer in LAYERS:
        yield f"  {layer:<18}{matrix.met[layer]:>8}{matrix.refusals[layer]:>8}"
    yield f"  {'in one account':<18}{matrix.in_one_account:>8}  by the program's own roles, as if accounts were shared"
