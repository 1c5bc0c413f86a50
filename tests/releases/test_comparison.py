"""Upgrade notes read what the comparison of two revisions prints, and survive what it will print one day."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from releases.comparison import compared, environments
from releases.errors import ReleaseError
from tests.releases.comparisons import BUCKET, DEV, PRODUCTION, TEST, document


def test_what_the_comparison_prints_is_read_whole() -> None:
    production, dev, test = environments(document(PRODUCTION, DEV, TEST))
    assert [(each.operation, each.place) for each in production.resources][:2] == [
        ("delete", f"{BUCKET} old-logs"),
        ("replace", f"{BUCKET} spark-logs"),
    ]
    assert production.resources[1].because_of == ("bucket",)
    assert production.accepts == ((f"Accept: production delete {BUCKET} old-logs", "logs can't be had again"),)
    assert production.gets_images
    assert [each.loses for each in production.settings] == [True, False]
    assert (dev.outcome, dev.refusal, dev.gets_images) == ("refused", DEV.refusal, False)
    assert [each.has("steps", "impossible") for each in (*dev.settings, *production.settings)] == [
        True,
        True,
        False,
        False,
    ]
    assert (test.outcome, test.resources, test.settings) == ("unaffected", (), ())


def test_rights_and_ways_are_counted() -> None:
    stack: dict[str, Any] = json.loads(document(TEST))["stacks"][0]
    stack |= {
        "permissions": [{"gained": True}, {"gained": True}, {"gained": False}],
        "connections": [{"gained": False}],
    }
    (test,) = environments(json.dumps({"stacks": [stack]}))
    assert (test.permissions, test.connections) == ((2, 1), (0, 1))


def test_keys_that_are_new_are_passed_over_and_those_of_later_are_not_missed() -> None:
    (test,) = environments('{"stacks": [{"stack": "test", "outcome": "changed", "cost": 1}], "version": 2}')
    assert (test.name, test.resources, test.accepts) == ("test", (), ())


@pytest.mark.parametrize("text", ["", "[]", '{"stack": []}'])
def test_what_is_no_comparison_is_refused(text: str) -> None:
    with pytest.raises(ReleaseError, match="not what python -m offline diff --json prints"):
        environments(text)


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_each_answer_of_the_comparison_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int) -> None:
    asked = answers(monkeypatch, code, '{"stacks": []}')
    assert compared(tmp_path, "v1.0.0", "v1.1.0") == '{"stacks": []}'
    assert asked == [[sys.executable, "-m", "offline", "diff", "v1.0.0", "v1.1.0", "--json"]]


@pytest.mark.parametrize(("code", "said"), [(1, ""), (-9, "{"), (4, "{}")])
def test_a_comparison_that_says_nothing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, said: str
) -> None:
    answers(monkeypatch, code, said)
    with pytest.raises(ReleaseError, match=r"v1\.0\.0 and v1\.1\.0 can't be compared"):
        compared(tmp_path, "v1.0.0", "v1.1.0")


def answers(monkeypatch: pytest.MonkeyPatch, code: int, said: str) -> list[list[str]]:
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, code, said)

    monkeypatch.setattr(subprocess, "run", run)
    return asked
