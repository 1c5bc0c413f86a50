"""docs/operations/blue-green.md: a second environment of one name is another account, from a copy of the program."""

from pathlib import Path

import pytest

from components.settings_error import SettingsError
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from tests.stack_files import settings, stack_file
from tests.stacks.conftest import StacksThatAreUp
from tests.stacks.deployment import type_of
from tests.stacks.project_copy import copy_of_project

BUCKET = "aws:s3/bucket:Bucket"
BLUE, GREEN = "111111111111", "999999999999"
RANGES = {"10.0.0.0/20": "10.128.0.0/20", "100.64.": "100.80.", "100.65.": "100.81."}


def names_of_buckets(engine: OfflineEngine, stack: str) -> set[str]:
    resources = engine.export(stack)["resources"]
    return {each["id"] for each in resources if type_of(each["urn"]) == BUCKET}


def test_a_copy_with_another_account_and_ranges_makes_the_whole_environment_under_other_names(
    stacks: StacksThatAreUp, tmp_path: Path
) -> None:
    blue = stacks.up("test")
    project = copy_of_project(tmp_path / "project")
    file = stack_file("test", project / "stacks")
    text = file.read_text()
    for old, new in {BLUE: GREEN, **RANGES}.items():
        assert old in text, f"stacks/Pulumi.test.yaml no longer holds {old}"
        text = text.replace(old, new)
    file.write_text(text)
    green = OfflineEngine(project, tmp_path / "home", judges=tuple)
    planned = green.planned("test")
    assert planned.summary.changes["create"] == blue.changes["create"]
    names = {each["id"] for urn, each in planned.made.items() if type_of(urn) == BUCKET}
    assert len(names) == len(names_of_buckets(stacks.engine, "test"))
    assert names.isdisjoint(names_of_buckets(stacks.engine, "test"))


def test_a_fifth_stack_is_refused(tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "project")
    stacks = project / "stacks"
    stack_file("green", stacks).write_text(stack_file("test", stacks).read_text().replace("name: test", "name: green"))
    with pytest.raises(OfflineError, match=r"name = 'green'"):
        OfflineEngine(project, tmp_path / "home", judges=tuple).preview("green")


def test_one_account_for_two_environments_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"must differ from stack dev's"):
        settings("test", lambda tree: tree.update(account_id=settings("dev").account_id))
