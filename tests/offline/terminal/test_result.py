"""The result of runs on the real engine: every total that is printed is the engine's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from offline.engine import OfflineEngine
from offline.summary import Summary
from offline.terminal.console import show
from offline.terminal.result import changes, holdings, next_steps, outputs
from tests.offline.sample import Sample, sample_in
from tests.offline.terminal.totals import added_up, held, rows, summed

PARTS = """
class Part(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("sample:index:Part", name, None, opts)

whole = Part("whole")
left, right = Part("left", pulumi.ResourceOptions(parent=whole)), Part("right", pulumi.ResourceOptions(parent=whole))

def topic(logical_name, parent, **inputs):
    return aws.sns.Topic(logical_name, opts=pulumi.ResourceOptions(parent=parent, provider=provider), **inputs)

topic("kept", left)
topic("changed", left, display_name="{display_name}")
topic("renamed", right, name="{name}")
topic("{other}", right)
aws.s3.Bucket("logs", bucket="{name}", opts=pulumi.ResourceOptions(parent=right, provider=provider))
"""


def before(text: str = PARTS) -> str:
    return text.replace("{display_name}", "a").replace("{name}", "before").replace("{other}", "gone")


def after() -> str:
    return PARTS.replace("{display_name}", "b").replace("{name}", "after").replace("{other}", "new")


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """A project of its own."""
    return sample_in(tmp_path / "project")


@pytest.fixture
def engine(sample: Sample, tmp_path: Path) -> OfflineEngine:
    """An engine whose stack is not up yet."""
    sample.program(before())
    return OfflineEngine(sample.root, tmp_path / "state")


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[[Summary], list[str]]:
    """What is printed of a run."""

    def lines(summary: Summary) -> list[str]:
        show(*changes(summary), holdings(summary))
        return capsys.readouterr().out.splitlines()

    return lines


def test_every_total_is_the_engines_whatever_a_run_does(
    engine: OfflineEngine, sample: Sample, shown: Callable[[Summary], list[str]]
) -> None:
    runs = [engine.preview("dev"), engine.up("dev"), engine.preview("dev"), engine.refresh("dev")]
    sample.program(after())
    runs += [engine.preview("dev"), engine.up("dev"), engine.destroy("dev")]
    for run in runs:
        lines = shown(run)
        assert summed("dev", lines) == run.changes
        assert added_up(lines) == []
        if run.has_changes:
            assert rows(lines)[0] == (0, "dev", run.changes)
    made, changed, destroyed = runs[1], runs[5], runs[6]
    assert held("dev", shown(made)) == (sum(made.changes.values()),) * 2
    kept = sum(count for operation, count in changed.changes.items() if operation != "delete")
    assert held("dev", shown(changed)) == (kept, kept)
    assert destroyed.changes == {"delete": kept}
    assert held("dev", shown(destroyed)) == (0, 0)
    assert {"create", "update", "replace", "delete", "same"} == changed.changes.keys()


def test_what_loses_data_comes_before_everything_and_replacements_before_other_changes(
    engine: OfflineEngine, sample: Sample, shown: Callable[[Summary], list[str]]
) -> None:
    engine.up("dev")
    sample.program(after())
    first, *lines = shown(engine.preview("dev"))
    assert first.startswith("! REPLACE aws:s3/bucket:Bucket logs (bucket")
    assert first.endswith("its objects go with it")
    below_right = [line.split("── ")[1] for line in lines if line.startswith("│   │   ") or line.startswith("    │   ")]
    signs = [line.split()[0] for line in below_right]
    assert signs == ["~", "+-", "+-", "-", "+"]
    assert any(line.startswith("~ update aws:sns/topic:Topic changed (displayName)") for line in below_right)


def test_nothing_but_the_sum_is_printed_where_nothing_changes(
    engine: OfflineEngine, shown: Callable[[Summary], list[str]]
) -> None:
    made = engine.up("dev")
    again = engine.preview("dev")
    total = sum(made.changes.values())
    assert shown(again)[:-1] == [f"dev: {total} same"]


def test_a_stack_without_anything_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    nothing = Summary("dev", {})
    show(*changes(nothing), holdings(nothing), *outputs(nothing, {}), *next_steps([]))
    assert capsys.readouterr().out.splitlines() == ["dev: no resources", "dev has 0 resources"]


def test_commands_to_go_on_with_stand_beside_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    show(*next_steps([("make preview STACK=dev", "shows it"), ("make destroy", "takes it down")]))
    assert capsys.readouterr().out.splitlines() == [
        "",
        "Next",
        "make preview STACK=dev  shows it",
        "make destroy            takes it down",
    ]
