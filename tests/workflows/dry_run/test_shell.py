"""Every piece of shell of every pipeline does its work in a clean checkout."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.dry_run.cases import CASES, Case, variables_of
from tests.workflows.dry_run.checkout import Checkout
from tests.workflows.dry_run.steps import Step, steps

_STEPS = {each.key: each for each in steps()}
_RUNS = [pytest.param(key, case, id=f"{key} {number}") for key in CASES for number, case in enumerate(CASES[key])]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def checkout(shared: Checkout) -> Iterator[Checkout]:
    yield shared
    shared.git("switch", "--quiet", "--force", "main")
    shared.git("reset", "--quiet", "--hard", "origin/main")
    shared.git("clean", "--quiet", "-dffx", "--exclude", ".venv")


def test_every_piece_of_shell_is_run() -> None:
    assert set(CASES) == set(_STEPS)


@pytest.mark.parametrize(("key", "case"), _RUNS)
def test_shell_of_a_pipeline_does_its_work(checkout: Checkout, key: str, case: Case) -> None:
    step = _STEPS[key]
    case.before(checkout)
    variables = variables_of(key, case, checkout)
    assert not step.variables - set(variables), "a variable that the pipeline sets has no value here"
    done = checkout.run(step, variables, case.answers, makes=case.makes)
    assert done.code == case.code, done.printed
    said = "\n".join([done.printed, done.outputs, done.variables, done.summary])
    for pattern in case.left:
        assert re.search(pattern, said), f"{pattern} is not in:\n{said}"
    remaining = iter(done.calls)
    for pattern in case.calls:
        assert any(re.fullmatch(pattern, call) for call in remaining), f"{pattern} is not among {done.calls}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$BASE", "$BASIS", "BASIS: unbound variable"),
        (".ci/diff", ".ci/difference", "No such file or directory"),
        (".ci/diff", "gh pr review; .ci/diff", "nobody said what this answers: gh pr review"),
        (".ci/diff", ".venv/bin/python -m offline diff --quietly", "unrecognized arguments: --quietly"),
    ],
)
def test_a_planted_mistake_is_seen(checkout: Checkout, old: str, new: str, said: str) -> None:
    step = _STEPS["diff diff 1"]
    wrong = Step(step.key, step.script.replace(old, new))
    done = checkout.run(wrong, {"BASE": "HEAD", "DESCRIPTION": ""})
    assert done.code != 0
    assert said in done.printed


def test_a_checkout_holds_nothing_but_the_projects_files(checkout: Checkout) -> None:
    assert checkout.git("status", "--porcelain") == ""
    assert not (checkout.root / ".offline").exists()
    assert Path(checkout.root / "Pulumi.yaml").is_file()
