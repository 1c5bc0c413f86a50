"""The engine's copy of a project: with settings that are others than in the stack file, which stays as it is."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from offline.project import Project
from tests.offline.sample import Sample

SETTINGS = {
    "monitoring": {"volume_gib": 50, "zones": ["a", "b"]},
    "spark": None,
    "alerts": {"email_addresses": ["first"]},
}


@pytest.fixture
def with_settings(sample: Sample) -> Sample:
    """A project whose stack has settings."""
    sample.stack("dev", settings=SETTINGS)
    return sample


def copied(sample: Sample, directory: Path, changes: dict[str, Any]) -> Any:
    """The settings in the copy."""
    Project(sample.root, changes).copy_to(directory, "dev")
    return yaml.safe_load((directory / "stacks" / "Pulumi.dev.yaml").read_text())["config"]["sample:settings"]


def test_without_changes_the_copy_has_the_stacks_settings(with_settings: Sample, tmp_path: Path) -> None:
    assert copied(with_settings, tmp_path / "copy", {}) == SETTINGS


def test_a_change_stands_at_its_path_and_everything_else_stays(with_settings: Sample, tmp_path: Path) -> None:
    changes = {"monitoring/volume_gib": 60, "alerts/email_addresses": ["first", "second"]}
    assert copied(with_settings, tmp_path / "copy", changes) == {
        "monitoring": {"volume_gib": 60, "zones": ["a", "b"]},
        "spark": None,
        "alerts": {"email_addresses": ["first", "second"]},
    }


@pytest.mark.parametrize("above", ["spark", "scheduler"])
def test_what_lies_above_a_change_is_made_where_there_is_nothing(
    with_settings: Sample, tmp_path: Path, above: str
) -> None:
    made = copied(with_settings, tmp_path / "copy", {f"{above}/history_server/seconds": 10, f"{above}/image": "a"})
    assert made[above] == {"history_server": {"seconds": 10}, "image": "a"}


def test_the_checkout_stays_and_the_next_copy_without_changes_has_none(with_settings: Sample, tmp_path: Path) -> None:
    file = with_settings.root / "stacks" / "Pulumi.dev.yaml"
    before = file.read_text()
    copied(with_settings, tmp_path / "copy", {"monitoring/volume_gib": 60})
    assert file.read_text() == before
    assert copied(with_settings, tmp_path / "copy", {}) == SETTINGS


def test_charts_come_from_a_directory_where_one_is_given(with_settings: Sample, tmp_path: Path) -> None:
    def configured(charts: Path | None) -> dict[str, Any]:
        Project(with_settings.root, charts=charts).copy_to(tmp_path / "copy", "dev")
        return yaml.safe_load((tmp_path / "copy" / "stacks" / "Pulumi.dev.yaml").read_text())["config"]

    assert configured(tmp_path / "charts")["sample:chart-mirror"] == str(tmp_path / "charts")
    assert "sample:chart-mirror" not in configured(None)


def test_a_secret_that_a_change_puts_out_of_the_way_needs_no_placeholder(sample: Sample, tmp_path: Path) -> None:
    sample.stack("dev", settings={"alerts": {"webhook": {"secure": "v1:abc"}}})
    assert [each.path for each in Project(sample.root).copy_to(tmp_path / "plain", "dev")] == [
        "sample:settings.alerts.webhook"
    ]
    changed = Project(sample.root, {"alerts/webhook": "https://example.org"})
    assert changed.copy_to(tmp_path / "changed", "dev") == []


@pytest.mark.parametrize(
    "runtime", ["python", {"name": "python"}, {"name": "python", "options": {"virtualenv": ".venv"}}]
)
def test_the_code_of_a_program_lies_at_its_root(sample: Sample, runtime: Any) -> None:
    (sample.root / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "sample", "runtime": runtime}))
    assert Project(sample.root).code == sample.root.resolve()


def test_the_code_of_a_program_below_it_lies_beside_their_common_virtualenv(sample: Sample) -> None:
    below = sample.root / "below"
    below.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": "../.venv"}}
    (below / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "below", "runtime": runtime}))
    assert Project(below).code == sample.root.resolve()
