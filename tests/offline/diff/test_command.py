"""`python -m offline diff` as a person runs it, on a project of its own and the real engine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local_cluster import change
from offline.diff.api_server import Answer
from offline.progress import Say
from tests.offline.diff.repository import Done, Repository
from tests.offline.sample import Sample

KEPT = """
aws.sns.Topic("alerts", display_name="alerts", opts=on_aws)
kept = pulumi.ResourceOptions(provider=provider, protect=True)
aws.cloudwatch.LogGroup("logs", name="logs", retention_in_days=7, opts=kept)
kubernetes.core.v1.ConfigMap("settings", metadata={"name": "settings"}, data={"a": "1"}, opts=on_cluster)
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def repository(sample: Sample, tmp_path: Path) -> Repository:
    made = Repository(sample, tmp_path / "home")
    made.commit(KEPT)
    return made


def changed(repository: Repository, old: str, new: str) -> None:
    assert old in KEPT
    repository.sample.program(KEPT.replace(old, new))


def test_comments_and_other_files_change_nothing_and_no_engine_is_asked(repository: Repository) -> None:
    (repository.sample.root / "README.md").write_text("about it")
    changed(repository, 'aws.sns.Topic("alerts"', '# Whom to tell.\naws.sns.Topic(\n    "alerts"')
    for _ in range(2):
        assert repository.diff() == Done(0, "dev: no file that decides it differs\n", "")


def test_fields_of_a_resource_that_changes_are_told_between_two_revisions(repository: Repository) -> None:
    changed(repository, '"a": "1"', '"a": "2", "b": "3"')
    repository.git("commit", "--quiet", "--all", "--message", "Another")
    repository.sample.program("raise RuntimeError('the work tree is not looked at')")
    done = repository.diff("HEAD~1", "HEAD", json=True)
    assert (done.code, done.said) == (2, "dev would change.")
    (stack,) = json.loads(done.printed)["stacks"]
    (resource,) = stack["resources"]
    assert resource["urn"].endswith("::settings")
    assert resource["fields"] == [
        {"path": "data.a", "old": "1", "new": "2"},
        {"path": "data.b", "old": "absent", "new": "3"},
    ]


@pytest.mark.parametrize(
    ("old", "new", "operation"),
    [
        ('name="logs"', 'name="other-logs"', "replace"),
        ('"logs", name="logs"', '"renamed", name="renamed"', "delete"),
        ("protect=True", "protect=False", "unprotect"),
    ],
)
def test_a_danger_is_told_first_with_the_line_that_would_accept_it(
    repository: Repository, tmp_path: Path, old: str, new: str, operation: str
) -> None:
    changed(repository, old, new)
    done = repository.diff(markdown=tmp_path / "comment.md")
    assert done.code == 3, done
    place = "aws:cloudwatch/logGroup:LogGroup logs"
    assert done.printed.splitlines()[1].startswith(f"  ! {operation} {place}: ")
    line = f"Accept: dev {operation} {place}"
    assert line in done.said
    assert line in (tmp_path / "comment.md").read_text()
    (tmp_path / "body.txt").write_text(f"It is empty.\n\n- {line}\n")
    accepted = repository.diff(accepted=tmp_path / "body.txt")
    assert accepted.code == 2, accepted
    assert f"{place}: " in accepted.printed
    assert "(accepted)" in accepted.printed


def test_a_revision_that_cannot_be_deployed_says_why(repository: Repository) -> None:
    changed(repository, "retention_in_days=7", "retention_in_days=8")
    done = repository.diff()
    assert (done.code, done.said) == (1, "the work tree can't be deployed to dev.")
    assert "dev: can't be deployed" in done.printed
    assert "retentionInDays" in done.printed


def test_stacks_that_come_and_go_are_told(repository: Repository) -> None:
    repository.sample.stack("production")
    (repository.sample.root / "stacks" / "Pulumi.dev.yaml").unlink()
    done = repository.diff()
    assert done.code == 2
    dev, production = done.printed.splitlines()
    assert dev.startswith("dev: has no file any more")
    assert production.startswith("production: is not there yet")
    assert repository.diff(stacks=["production"]).printed == f"{production}\n"


def test_a_comparison_leaves_the_stacks_own_state_and_the_checkout_as_they_are(repository: Repository) -> None:
    changed(repository, '"a": "1"', '"a": "2"')
    before = {path: path.read_bytes() for path in repository.sample.root.rglob("*") if path.is_file()}
    assert repository.diff().code == 2
    after = {path: path.read_bytes() for path in repository.sample.root.rglob("*") if path.is_file()}
    assert {path for path in after if "__pycache__" not in path.parts} == set(before)
    assert all(after[path] == content for path, content in before.items())
    assert [each.name for each in repository.home.iterdir()] == ["diff"]


def test_the_command_ends_with_what_it_found_and_1_where_a_revision_is_not_there(repository: Repository) -> None:
    changed(repository, '"a": "1"', '"a": "2"')
    options = ["--project", str(repository.sample.root), "--home", str(repository.home)]
    for base, code, said in (("HEAD", 2, "dev would change."), ("no-such-branch", 1, "names no commit")):
        command = [sys.executable, "-m", "offline", *options, "diff", base]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert said in done.stderr


def test_a_change_is_carried_out_on_a_cluster_where_that_is_asked(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carried_out(base: Path | None, head: Path, stack: str, report: Say) -> Answer:
        assert base not in (None, head)
        report("carried out")
        return Answer("1.35.4", refusal=f"{stack} is refused by {head.name}")

    monkeypatch.setattr(change, "carried_out", carried_out)
    changed(repository, '"a": "1"', '"a": "2"')
    assert repository.diff().code == 2
    done = repository.diff(on_cluster=True)
    assert (done.code, done.said) == (1, "the work tree can't be deployed to dev.")
    assert f"dev is refused by {repository.sample.root.name}" in done.printed
