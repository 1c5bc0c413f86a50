"""A release is published with its changelog and its upgrade notes, and only as what its tag says."""

import json
from datetime import date
from pathlib import Path

import pytest

from components.stack_schema import stack_schema
from releases import notes, upgrade_notes
from releases.__main__ import main
from releases.changelog import release
from releases.version import Version
from tests.releases.comparisons import PRODUCTION, document
from tests.releases.repository import commit, fragment, git, repository

DAY = date(2026, 11, 30)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one release, and the comparison as it would be with the next one."""
    place = repository(tmp_path / "repository", schema=json.loads(json.dumps(stack_schema())))
    released(place, "1.0.0", "The first of all releases.")
    monkeypatch.setattr(upgrade_notes, "compared", lambda *_: document(PRODUCTION))
    return place


def released(place: Path, version: str, text: str) -> None:
    fragment(place, "it.feature.md", text)
    release(place, Version.of(version), DAY)
    commit(place, f"Release {version}")
    git(place, "tag", f"v{version}")


def test_the_first_release_has_nothing_to_follow_from(project: Path, tmp_path: Path) -> None:
    assert main(["notes", "v1.0.0", "--out", str(tmp_path / "out")], project) == 0
    text = (tmp_path / "out" / "notes.md").read_text()
    assert text.startswith("### New\n\n- The first of all releases.\n\nThis is the first release: ")


def test_a_later_release_says_how_to_follow_from_the_one_before(project: Path, tmp_path: Path) -> None:
    released(project, "1.1.0", "Another release after it.")
    assert main(["notes", "v1.1.0", "--out", str(tmp_path / "out")], project) == 0
    text = (tmp_path / "out" / "notes.md").read_text()
    assert text.startswith("### New\n\n- Another release after it.\n\n## From 1.0.0 to 1.1.0\n")
    assert "The first of all releases." not in text
    upgrade = (tmp_path / "out" / "upgrade-notes.md").read_text()
    assert upgrade.startswith("# Upgrade to 1.1.0\n\n## From 1.0.0 to 1.1.0\n")
    assert "### production" in upgrade


def test_notes_that_are_longer_than_a_release_takes_are_a_file_alone(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(project, "1.1.0", "Another release after it.")
    monkeypatch.setattr(notes, "_MOST_CHARACTERS", 300)
    assert main(["notes", "v1.1.0", "--out", str(tmp_path / "out")], project) == 0
    assert (
        (tmp_path / "out" / "notes.md")
        .read_text()
        .endswith("How to follow is in upgrade-notes.md, which is too long to stand here.\n")
    )
    assert "### production" in (tmp_path / "out" / "upgrade-notes.md").read_text()


@pytest.mark.parametrize("tag", ["v1.2.0", "1.0.0", "v01.0.0", "next"])
def test_a_tag_that_is_not_the_version_is_refused(
    project: Path, tmp_path: Path, tag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["notes", tag, "--out", str(tmp_path / "out")], project) == 1
    assert "must be" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_notes_of_a_release_are_printed_from_tag_to_tag_or_to_what_will_be_one(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, str]] = []

    def compared(_: Path, base: str, head: str) -> str:
        asked.append((base, head))
        return document(PRODUCTION)

    monkeypatch.setattr(upgrade_notes, "compared", compared)
    assert main(["upgrade-notes", "v1.0.0", "1.1.0", "--head", "main"], project) == 0
    assert capsys.readouterr().out.startswith("## From 1.0.0 to 1.1.0\n")
    released(project, "1.1.0", "Another release after it.")
    assert main(["upgrade-notes", "1.0.0", "v1.1.0"], project) == 0
    assert asked == [("v1.0.0", "main"), ("v1.0.0", "v1.1.0")]
