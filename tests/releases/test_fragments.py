"""A change of what environments are made of comes with a fragment that people understand."""

from pathlib import Path

import pytest

from releases.__main__ import main
from releases.errors import ReleaseError
from releases.fragments import STEPS, WATCHED, Fragment, check, fragments, missing, problems, step_of
from tests.releases.repository import PROJECT, commit, fragment, git, repository

SENTENCE = "Queues take their limits from the team."


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A repository on a branch of its own, which has no change yet."""
    project = repository(tmp_path / "repository")
    git(project, "switch", "--quiet", "--create", "branch")
    return project


def test_the_fragments_of_the_project_are_sound() -> None:
    assert [name for name in WATCHED if not (PROJECT / name).exists()] == []
    fragments(PROJECT)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Queues.feature.md", SENTENCE, "must be named NAME.KIND.md"),
        ("queues.feature.rst", SENTENCE, "must be named NAME.KIND.md"),
        ("queues.md", SENTENCE, "must be named NAME.KIND.md"),
        ("queues.feat.md", SENTENCE, "KIND is one of breaking, feature, upgrade, fix, security, none"),
        ("queues.feature.md", "", "must hold a sentence"),
        ("queues.none.md", "nothing", "must hold a sentence"),
        ("queues.feature.md", SENTENCE.rstrip("."), "must hold a sentence"),
    ],
)
def test_a_fragment_that_is_none_is_refused(branch: Path, name: str, text: str, said: str) -> None:
    fragment(branch, name, text)
    with pytest.raises(ReleaseError, match=said):
        fragments(branch)


@pytest.mark.parametrize("kind", STEPS)
def test_a_sentence_of_each_kind_is_sound(kind: str) -> None:
    assert list(problems(Fragment(f"queues.{kind}.md", kind, SENTENCE))) == []


@pytest.mark.parametrize(
    ("kinds", "step"),
    [
        ((), "patch"),
        (("none", "fix", "security"), "patch"),
        (("fix", "upgrade"), "minor"),
        (("feature", "none"), "minor"),
        (("feature", "breaking", "fix"), "major"),
    ],
)
def test_the_fragment_that_asks_for_most_decides_the_step(kinds: tuple[str, ...], step: str) -> None:
    assert step_of(Fragment(f"{kind}.{kind}.md", kind, SENTENCE) for kind in kinds) == step


@pytest.mark.parametrize(
    "name",
    ["components/a.py", "stacks/Pulumi.dev.yaml", "policies/a.py", "images/spark/Dockerfile", "requirements.txt"],
)
def test_a_change_of_environments_without_a_fragment_is_refused(
    branch: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (branch / name).parent.mkdir(parents=True, exist_ok=True)
    (branch / name).write_text("changed\n")
    assert main(["check", "main"], branch) == 1
    said = capsys.readouterr().err
    assert f"  {name}\nWrite changes/NAME.KIND.md" in said
    commit(branch, "Change it")
    assert main(["check", "main"], branch) == 1
    assert capsys.readouterr().err == said


def test_a_file_that_leaves_a_watched_directory_is_a_change_of_it(branch: Path) -> None:
    git(branch, "mv", "components/release.py", "release.py")
    commit(branch, "Move it")
    with pytest.raises(ReleaseError, match=r"  components/release\.py\n"):
        check(branch, "main")


@pytest.mark.parametrize("name", ["docs/queues.md", "tests/test_a.py", "offline/engine.py", "README.md", "Makefile"])
def test_what_no_environment_is_made_of_needs_no_fragment(branch: Path, name: str) -> None:
    (branch / name).parent.mkdir(parents=True, exist_ok=True)
    (branch / name).write_text("changed\n")
    check(branch, "main")


@pytest.mark.parametrize("kind", STEPS)
def test_a_fragment_of_any_kind_is_enough(branch: Path, kind: str) -> None:
    (branch / "components" / "queues.py").write_text("changed\n")
    fragment(branch, f"queues.{kind}.md", SENTENCE)
    check(branch, "main")
    commit(branch, "Say so")
    check(branch, "main")


def test_a_fragment_of_somebody_else_is_not_enough(branch: Path) -> None:
    git(branch, "switch", "--quiet", "main")
    fragment(branch, "theirs.feature.md", SENTENCE)
    commit(branch, "Theirs")
    git(branch, "switch", "--quiet", "--create", "mine")
    (branch / "components" / "queues.py").write_text("changed\n")
    with pytest.raises(ReleaseError, match=r"components/queues\.py"):
        check(branch, "main")


def test_what_changed_on_main_meanwhile_is_no_change_of_the_branch(branch: Path) -> None:
    git(branch, "switch", "--quiet", "main")
    (branch / "components" / "queues.py").write_text("changed\n")
    commit(branch, "Theirs")
    git(branch, "switch", "--quiet", "branch")
    check(branch, "main")


def test_a_release_takes_fragments_away_and_needs_none() -> None:
    assert missing(["CHANGELOG.md", "components/release.py", "changes/queues.feature.md"], []) == []
    assert missing(["components/release.py", "changes/template.md.jinja"], []) == ["components/release.py"]


def test_a_fragment_that_only_goes_says_nothing() -> None:
    assert missing(["components/a.py", "changes/queues.feature.md"], []) == ["components/a.py"]


def test_a_base_that_is_not_there_is_named(branch: Path) -> None:
    with pytest.raises(ReleaseError, match=r"git merge-base ends with 128: .*nowhere"):
        check(branch, "nowhere")
