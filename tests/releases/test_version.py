"""The version stands in one place, and each step says what it asks of an environment."""

from pathlib import Path

import pytest

from components.release import RELEASE
from releases.errors import ReleaseError
from releases.version import Step, Version, released_before, version_of, write_version
from tests.releases.repository import PROJECT, git, repository


def test_the_project_says_its_version_where_the_program_reads_it() -> None:
    assert str(version_of(PROJECT)) == RELEASE
    assert 'dynamic = ["version"]' in (PROJECT / "pyproject.toml").read_text()


@pytest.mark.parametrize("text", ["1.2", "v1.2.3", "1.2.3-rc1", "01.2.3", "1.2.3\n", ""])
def test_what_is_no_three_numbers_is_no_version(text: str) -> None:
    with pytest.raises(ReleaseError, match=r"must be three numbers such as 1\.2\.3"):
        Version.of(text)


def test_versions_are_in_the_order_of_their_numbers() -> None:
    assert Version.of("1.10.0") > Version.of("1.9.9") > Version.of("0.10.0")


@pytest.mark.parametrize(
    ("version", "step", "after"),
    [
        ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.2.3", "major", "2.0.0"),
        # Below 1.0.0 nothing is promised.
        ("0.2.3", "major", "0.3.0"),
        ("0.2.3", "patch", "0.2.4"),
    ],
)
def test_a_step_leads_to_the_next_version(version: str, step: Step, after: str) -> None:
    assert str(Version.of(version).after(step)) == after


def test_a_version_is_written_and_nothing_else_of_its_file(tmp_path: Path) -> None:
    project = repository(tmp_path / "repository")
    write_version(project, Version.of("1.2.3"))
    assert (project / "components" / "release.py").read_text() == '"""The release."""\n\nRELEASE = "1.2.3"\n'
    assert version_of(project) == Version(1, 2, 3)


def test_a_checkout_without_a_version_says_which_line_is_missing(tmp_path: Path) -> None:
    project = repository(tmp_path / "repository")
    (project / "components" / "release.py").write_text("")
    with pytest.raises(ReleaseError, match=r"components/release\.py has no line RELEASE"):
        version_of(project)


def test_the_release_before_is_the_newest_older_one_of_the_same_history(tmp_path: Path) -> None:
    project = repository(tmp_path / "repository")
    assert released_before(project, Version(0, 1, 0)) is None
    for tag in ("v0.9.0", "v0.10.0", "v1.0.0", "vnext", "v0.11.0-rc1"):
        git(project, "tag", tag)
    git(project, "switch", "--quiet", "--create", "another")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "Another line")
    git(project, "tag", "v0.12.0")
    git(project, "switch", "--quiet", "main")
    assert released_before(project, Version(1, 0, 0)) == Version(0, 10, 0)
    assert released_before(project, Version(1, 1, 0)) == Version(1, 0, 0)
