"""What a person reads once a stack is up: totals of one account, and an output's every row."""

import re
from xml.etree import ElementTree

import pytest

from components.outputs import BOOTSTRAP_OUTPUTS, OUTPUTS
from offline.terminal.console import show
from offline.terminal.result import changes, holdings
from offline.terminal.result import outputs as outputs_of
from offline.terminal.screenshot import drawn
from offline.verbs import AFTER_UP, ROOT, commands_for
from tests.offline.terminal.totals import added_up, held, rows, summed
from tests.stack_files import ENVIRONMENTS
from tests.stacks.conftest import StacksThatAreUp

SCREENSHOT = ROOT / "docs" / "pictures" / "terminal.svg"


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_total_is_the_engines_own(
    stacks: StacksThatAreUp, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = stacks.up(stack)
    show(*changes(summary), holdings(summary))
    lines = capsys.readouterr().out.splitlines()
    created = summary.changes["create"]
    assert summary.changes == {"create": created}
    assert summed(stack, lines) == summary.changes
    assert rows(lines)[0] == (0, stack, summary.changes)
    assert added_up(lines) == []
    assert held(stack, lines) == (created, created)
    assert {"network", "cluster", "monitoring", "spark"} <= {name for _, name, _ in rows(lines)}


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_output_has_a_row_that_says_what_to_do_with_it(stacks: StacksThatAreUp, stack: str) -> None:
    assert stacks.up(stack).outputs.keys() - OUTPUTS.keys() == set()


def test_the_bootstrap_exports_what_its_rows_say(bootstraps: StacksThatAreUp) -> None:
    assert bootstraps.up("dev").outputs.keys() == BOOTSTRAP_OUTPUTS.keys()


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_outputs_are_shown_without_json_and_without_secrets(
    stacks: StacksThatAreUp, stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(*outputs_of(stacks.up(stack), OUTPUTS))
    lines = capsys.readouterr().out.splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("{", '["'))]
    assert lines[lines.index(next(line for line in lines if line.startswith("kubeconfig "))) + 1] == "  [secret]"


def test_rows_fit_on_a_terminal_of_80_columns() -> None:
    for outputs in (OUTPUTS, BOOTSTRAP_OUTPUTS):
        width = max(map(len, outputs)) + 2
        assert [name for name, purpose in outputs.items() if width + len(purpose) > 80] == []


def test_the_screenshot_is_what_bringing_dev_up_shows(stacks: StacksThatAreUp) -> None:
    made = drawn(stacks.up("dev"), OUTPUTS, commands_for("dev", AFTER_UP))
    assert made == SCREENSHOT.read_text(), "the screenshot is old: run make screenshot"
    assert SCREENSHOT.relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text()


def test_the_screenshot_asks_no_other_server_for_anything() -> None:
    text = SCREENSHOT.read_text()
    ElementTree.fromstring(text)
    assert set(re.findall(r"https?://[^\s\"<&]+", text)) == {
        "http://www.w3.org/2000/svg",
        *(f"http://localhost:{port}" for port in (3000, 9080, 18080)),
    }
    assert "@font-face" not in text
