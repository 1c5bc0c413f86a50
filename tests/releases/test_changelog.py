"""The changelog and the version follow from fragments, and nothing is committed, tagged or pushed."""

from datetime import date
from pathlib import Path

import pytest

from releases.__main__ import main
from releases.changelog import draft, release, section
from releases.errors import ReleaseError
from releases.version import Version, version_of
from tests.releases.repository import PROJECT, commit, fragment, git, repository

DAY = date(2026, 11, 30)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with fragments of three kinds, before its first release."""
    place = repository(tmp_path / "repository")
    fragment(place, "queues.feature.md", "Teams share the capacity in `queues`.")
    fragment(place, "network.breaking.md", "Write `network.nat` into every stack file.")
    fragment(place, "tests.none.md", "Only a test changed, and no environment.")
    return commit(place, "Write fragments")


def test_a_draft_shows_fragments_by_kind_and_leaves_them_there(project: Path) -> None:
    lines = [line for line in draft(project).splitlines() if line]
    assert lines[0].startswith("## 0.1.0 (")
    assert lines[1:] == [
        "### Before you upgrade",
        "- Write `network.nat` into every stack file.",
        "### New",
        "- Teams share the capacity in `queues`.",
    ]
    assert git(project, "status", "--porcelain") == ""


def test_a_release_writes_changelog_and_version_and_takes_the_fragments_away(project: Path) -> None:
    head, tags = git(project, "rev-parse", "HEAD"), git(project, "tag")
    release(project, Version(1, 0, 0), DAY)
    changed = sorted(line[3:] for line in git(project, "status", "--porcelain").splitlines())
    assert changed == [
        "CHANGELOG.md",
        "changes/network.breaking.md",
        "changes/queues.feature.md",
        "changes/tests.none.md",
        "components/release.py",
    ]
    assert version_of(project) == Version(1, 0, 0)
    assert "\n## 1.0.0 (2026-11-30)\n" in (project / "CHANGELOG.md").read_text()
    # Who releases, commits and tags.
    assert (git(project, "rev-parse", "HEAD"), git(project, "tag")) == (head, tags)


def test_releases_stand_above_those_before(project: Path) -> None:
    release(project, Version(0, 1, 0), DAY)
    fragment(project, "logs.fix.md", "A line is no longer told twice.")
    release(project, Version(0, 1, 1), DAY)
    text = (project / "CHANGELOG.md").read_text()
    assert text.startswith("# Changelog\n")
    assert text.index("## 0.1.1 (") < text.index("A line is no longer told twice.") < text.index("## 0.1.0 (")
    assert section(project, Version(0, 1, 1)) == "### Mended\n\n- A line is no longer told twice."
    assert section(project, Version(0, 1, 0)).endswith("- Teams share the capacity in `queues`.")


def test_a_release_of_what_nobody_notices_says_so(project: Path) -> None:
    release(project, Version(1, 0, 0), DAY)
    fragment(project, "tests.none.md", "Only a test changed, and no environment.")
    release(project, Version(1, 0, 1), DAY)
    assert section(project, Version(1, 0, 1)) == "Nothing that people who run an environment will notice."


@pytest.mark.parametrize(
    ("kind", "refused", "least"),
    [
        ("breaking", "1.1.0", "2.0.0"),
        ("feature", "1.0.1", "1.1.0"),
        ("fix", "1.0.0", "1.0.1"),
        ("fix", "0.9.0", "1.0.1"),
    ],
)
def test_a_version_that_promises_more_than_the_fragments_keep_is_refused(
    project: Path, kind: str, refused: str, least: str, capsys: pytest.CaptureFixture[str]
) -> None:
    release(project, Version(1, 0, 0), DAY)
    commit(project, "Release")
    fragment(project, f"queues.{kind}.md", "Queues are another thing now.")
    assert main(["release", refused], project) == 1
    said = capsys.readouterr().err
    assert f"VERSION is {refused} and must be {least} or newer: 1.0.0 is released" in said
    assert version_of(project) == Version(1, 0, 0)
    assert main(["release", least], project) == 0
    assert version_of(project) == Version.of(least)


def test_the_first_release_is_not_older_than_what_the_project_calls_itself(project: Path) -> None:
    with pytest.raises(ReleaseError, match=r"must be 0\.1\.0 or newer: components/release\.py has 0\.1\.0"):
        release(project, Version(0, 0, 9), DAY)


def test_nothing_to_release_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="there is nothing to release"):
        release(repository(tmp_path / "repository"), Version(1, 0, 0), DAY)


def test_a_tag_whose_changelog_was_not_written_has_no_text(project: Path) -> None:
    with pytest.raises(ReleaseError, match=r"changes/ still has network\.breaking\.md"):
        section(project, Version(0, 1, 0))
    release(project, Version(0, 1, 0), DAY)
    with pytest.raises(ReleaseError, match=r"CHANGELOG\.md has no section 0\.2\.0"):
        section(project, Version(0, 2, 0))


def test_the_changelog_of_the_project_is_one_that_releases_go_into() -> None:
    assert (PROJECT / "CHANGELOG.md").read_text().count("<!-- releases: made by make release -->\n") == 1
