"""Two schemas of stack files differ in what a file must have, may have and gets by itself."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from components.stack_schema import stack_schema
from releases.errors import ReleaseError
from releases.setting_changes import SettingChanges, schema_at, setting_changes
from tests.releases.repository import PROJECT, git, repository


@pytest.fixture
def before() -> dict[str, Any]:
    """The schema that the project has now."""
    return json.loads(json.dumps(stack_schema()))


@pytest.fixture
def after(before: dict[str, Any]) -> dict[str, Any]:
    """Another one to change."""
    return copy.deepcopy(before)


def model(schema: dict[str, Any], name: str) -> dict[str, Any]:
    return schema["$defs"][name]


def test_the_same_schema_differs_in_nothing(before: dict[str, Any], after: dict[str, Any]) -> None:
    changes = setting_changes(before, after)
    assert changes == SettingChanges()
    assert not changes


def test_a_new_field_is_told_and_one_that_every_file_needs_is_among_the_required(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    cluster = model(after, "ClusterSettings")
    cluster["properties"]["audit"] = {"type": "boolean", "default": True, "description": "Whether to look."}
    cluster["properties"]["owner"] = {"type": "string", "description": "Who has it."}
    cluster["required"].append("owner")
    changes = setting_changes(before, after)
    assert [(each.path, each.default, each.meaning) for each in changes.new] == [
        ("cluster.audit", "true", "Whether to look."),
        ("cluster.owner", "required", "Who has it."),
    ]
    assert [each.path for each in changes.required] == ["cluster.owner"]
    assert (changes.gone, changes.defaults, changes.kinds) == ((), (), ())


def test_a_field_that_is_gone_is_told_with_what_stood_in_it(before: dict[str, Any], after: dict[str, Any]) -> None:
    del model(after, "ClusterSettings")["properties"]["zonal_shift"]
    tree = after["properties"]["config"]["properties"]["moka:settings"]["properties"]
    del tree["shuffle"]
    gone = [each.path for each in setting_changes(before, after).gone]
    assert "cluster.zonal_shift" in gone
    assert [path for path in gone if path.startswith("shuffle")] == ["shuffle.celeborn"]


def test_another_default_says_what_it_does_by_its_direction(before: dict[str, Any], after: dict[str, Any]) -> None:
    days = model(after, "ClusterSettings")["properties"]["log_retention_days"]
    days["default"] = 30
    (shorter,) = setting_changes(before, after).defaults
    assert (shorter.path, shorter.old, shorter.new) == ("cluster.log_retention_days", "365", "30")
    assert "accept_loss" in shorter.change
    days["default"] = 400
    (longer,) = setting_changes(before, after).defaults
    assert "accept_loss" not in longer.change


def test_a_field_that_takes_other_values_is_told(before: dict[str, Any], after: dict[str, Any]) -> None:
    model(after, "ClusterSettings")["properties"]["control_plane_tier"]["enum"].remove("tier-8xl")
    ((path, old, new),) = setting_changes(before, after).kinds
    assert path == "cluster.control_plane_tier"
    assert old.replace(", tier-8xl", "") == new


def test_a_schema_is_read_as_a_revision_has_it(tmp_path: Path) -> None:
    project = repository(tmp_path / "repository", schema={"title": "old"})
    (project / "stacks" / "schema.json").write_text("{}")
    assert schema_at(project, "HEAD") == {"title": "old"}
    with pytest.raises(ReleaseError, match=r"v9\.9\.9 has no stacks/schema\.json: .*git fetch --tags"):
        schema_at(project, "v9.9.9")


def test_the_schema_in_the_tree_of_this_project_is_one_that_can_be_compared() -> None:
    git(PROJECT, "rev-parse", "HEAD")
    assert not setting_changes(*[json.loads((PROJECT / "stacks" / "schema.json").read_text())] * 2)
