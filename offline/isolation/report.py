"""The proof as a whole, and what it found, for people."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from components.settings import Settings
from offline.errors import IsolationError
from offline.isolation.environment import Environment
from offline.isolation.iam_simulate import disagreements
from offline.isolation.layers import LAYERS
from offline.isolation.matrix import Matrix, locked_out, matrix_of
from offline.isolation.own_work import own_work_of
from offline.isolation.second_opinion import questions
from offline.progress import Say, step
from offline.project import Project

_SHOWN = 20


def prove(
    stacks: Mapping[str, tuple[Settings, Mapping[str, Any], Mapping[str, Any]]], report: Say, *, twice: bool
) -> Iterator[str]:
    """Ask everything, and say what came of it, line by line.

    Args:
        stacks: name of each environment to its settings, to what `up` makes of them, and to what the bootstrap of its
            account makes.
        report: where signs of life go.
        twice: whether iam-simulate is asked as well.

    Raises:
        IsolationError: something is not refused, or can not be mended, or a program is kept from its work, or the two
            evaluators disagree.
    """
    works = [own_work_of(stack, *made) for stack, made in stacks.items()]
    environments = [each.environment for each in works]
    with step("asking for everything that another environment owns", report):
        matrix = matrix_of(environments)
    yield from _lines(environments, matrix)
    failures = [*matrix.failures, *(line for each in environments for line in locked_out(each))]
    for work in works:
        between = list(work.between_teams())
        refused = list(work.refused())
        failures += [*refused, *(f"{words} is allowed." for words, is_refused in between if not is_refused)]
        own = len(list(work.requests()))
        yield (
            f"{work.environment.account.environment:<12}{own - len(refused)} of {own} calls of its programs allowed; "
            f"{len(between)} requests for what another of its {len(work.teams)} teams has"
        )
    if twice:
        asked = list(questions(matrix.asked))
        others = disagreements(asked, report)
        failures += others
        yield (
            f"{len(asked)} questions stand for the requests between environments with layers taken away; iam-simulate "
            f"answers {len(asked) - len(others)} of them alike"
        )
    if failures:
        raise IsolationError(_refusal(failures, len(matrix.asked)))
    yield (
        f"each request for something of another environment is refused by {min(len(by) for _, by in matrix.asked)} "
        "layers or more, and administrators can mend every policy of their own environment"
    )


def settings_of(project: Project, stack: str) -> Settings:
    """A stack's settings as its file has them; the program has judged them when it came up."""
    project.require(stack)
    file = project.root / project.stack_directory / f"Pulumi.{stack}.yaml"
    return Settings.model_validate_json(json.dumps(yaml.safe_load(file.read_text())["config"]["moka:settings"]))


def _refusal(failures: Sequence[str], asked: int) -> str:
    more = len(failures) - _SHOWN
    listed = "".join(f"\n  {each}" for each in failures[:_SHOWN])
    return f"{len(failures)} findings, of {asked} requests:{listed}" + (f"\n  and {more} more" if more > 0 else "")


def _lines(environments: Sequence[Environment], matrix: Matrix) -> Iterator[str]:
    for each in environments:
        yield f"{each.account.environment:<12}{len(each.principals):>4} roles {len(each.targets):>5} resources"
    yield f"{len(matrix.asked)} requests for something of another environment; by layer, asked and refused by it alone:"
    for layer in LAYERS:
        yield f"  {layer:<18}{matrix.met[layer]:>8}{matrix.refusals[layer]:>8}"
    yield f"  {'in one account':<18}{matrix.in_one_account:>8}  by the program's own roles, as if accounts were shared"
