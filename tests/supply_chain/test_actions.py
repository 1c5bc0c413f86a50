"""Actions are named by commit, and workflows have no right that a job does not ask for.

zizmor knows more rules (tests/workflows); these are those that it leaves to taste, or can't tell without a network.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.supply_chain.files import ROOT, files

WORKFLOWS = ROOT / ".github" / "workflows"
_USES = re.compile(r"^\s*(?:- )?[\"']?uses[\"']?\s*:\s*(.*)$", re.MULTILINE)
_PINNED = re.compile(r"(?P<action>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)")


def used(text: str) -> list[str]:
    """What a workflow or an action uses of others, with the comment behind it."""
    return [each.strip() for each in _USES.findall(text) if not each.startswith("./")]


def unpinned(text: str) -> Iterator[str]:
    for each in used(text):
        if not _PINNED.fullmatch(each):
            yield f"{each} can move: name a full commit, and its version as `# v1.2.3` behind it"


def too_free(text: str) -> Iterator[str]:
    workflow = yaml.safe_load(text)
    if workflow.get("permissions") != {}:
        yield "permissions of the workflow must be {}, so that no job has a right that it does not ask for"
    for name, job in workflow["jobs"].items():
        if not isinstance(job.get("permissions"), dict):
            yield f"jobs.{name} has no permissions: list each right that it needs"


def test_actions_are_named_by_commit_and_version() -> None:
    found = {str(path): list(unpinned(path.read_text())) for path in files(".github/*.yaml", ".github/*.yml")}
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert sum(len(used(path.read_text())) for path in WORKFLOWS.iterdir()) > 30


def test_an_action_has_the_same_commit_wherever_it_is_used() -> None:
    commits = defaultdict[str, set[str]](set)
    for path in files(".github/*.yaml"):
        for each in _PINNED.finditer(path.read_text()):
            # Actions of one repository, such as actions/cache/restore, are of one version.
            commits["/".join(each["action"].split("/")[:2])].add(f"{each['commit']} {each['version']}")
    assert {action: each for action, each in commits.items() if len(each) > 1} == {}


@pytest.mark.parametrize("path", sorted(WORKFLOWS.iterdir()), ids=lambda path: path.name)
def test_no_job_has_a_right_that_it_does_not_ask_for(path: Path) -> None:
    assert list(too_free(path.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        "uses: actions/checkout@v7",
        "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
        "- uses: actions/checkout@3d3c42e # v7.0.1",
        "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7",
        "- uses: docker://alpine:3.22",
        "- 'uses': actions/checkout@main",
    ],
)
def test_an_action_that_can_move_is_found(line: str) -> None:
    assert len(list(unpinned(f"    steps:\n      {line}\n"))) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("permissions: {}", "permissions: {contents: read}", "of the workflow must be {}"),
        ("permissions: {}", "", "of the workflow must be {}"),
        ("permissions: {}", "permissions: write-all", "of the workflow must be {}"),
        ("permissions: {contents: read}", "timeout-minutes: 5", "jobs.check has no permissions"),
        ("permissions: {contents: read}", "permissions: write-all", "jobs.check has no permissions"),
    ],
)
def test_a_right_too_many_is_found(old: str, new: str, said: str) -> None:
    text = "on: push\npermissions: {}\njobs:\n  check:\n    permissions: {contents: read}\n"
    assert list(too_free(text)) == []
    (found,) = too_free(text.replace(old, new))
    assert said in found
