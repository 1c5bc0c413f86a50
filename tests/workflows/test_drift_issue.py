"""The script that keeps one issue for each stack that has drifted, with a `gh` that writes down what it is asked."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".github" / "scripts" / "drift-issue"
TITLE = "dev is not what main has made of it"
# Answers a search with what FOUND holds, as gh's own jq does it, and keeps every other call with its body.
GH = """#!/usr/bin/env bash
set -euo pipefail
if [ "$2" = list ]; then
  query="${*: -1}"
  jq --raw-output "$query" <<< "$FOUND"
  exit
fi
for word in "$@"; do
  if [ -f "$word" ]; then cp "$word" "$CALLS.body"; else printf '%s\\n' "$word" >> "$CALLS"; fi
done
"""


@pytest.fixture
def drift(tmp_path: Path) -> "Drift":
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    return Drift(tmp_path)


class Drift:
    """Runs the script in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def ends(self, outcome: str, report: str, open_issues: list[dict[str, object]]) -> tuple[list[str], str]:
        """Words of the call that is made, and its body."""
        (self._directory / "preview.txt").write_text(report)
        calls = self._directory / "calls"
        environment = {
            **os.environ,
            "PATH": f"{self._directory / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CALLS": str(calls),
            "FOUND": json.dumps(open_issues),
            "GITHUB_REPOSITORY": "example/moka",
            "STACK": "dev",
            "OUTCOME": outcome,
            "RUN": "the run",
        }
        subprocess.run([str(SCRIPT), "preview.txt"], cwd=self._directory, env=environment, check=True)
        body = calls.with_suffix(".body")
        words = calls.read_text().splitlines() if calls.is_file() else []
        return words, body.read_text() if body.is_file() else ""


def test_a_stack_that_drifts_first_gets_an_issue_with_what_the_preview_said(drift: Drift) -> None:
    words, body = drift.ends("failure", "~ update\n```\nend", [{"number": 3, "title": f"{TITLE} either"}])
    assert words == ["issue", "create", "--repo", "example/moka", "--title", TITLE, "--body-file"]
    assert body.endswith("\n    ~ update\n    ```\n    end")
    assert "the run" in body


def test_one_that_still_drifts_has_its_issue_written_anew(drift: Drift) -> None:
    words, body = drift.ends("failure", "more", [{"number": 7, "title": TITLE}])
    assert words == ["issue", "edit", "7", "--repo", "example/moka", "--body-file"]
    assert body.endswith("    more\n") or body.endswith("    more")


def test_one_that_does_not_drift_any_more_has_its_issue_closed(drift: Drift) -> None:
    words, _ = drift.ends("success", "", [{"number": 7, "title": TITLE}])
    assert words[:3] == ["issue", "close", "7"]


def test_one_that_never_drifted_has_none(drift: Drift) -> None:
    assert drift.ends("success", "", []) == ([], "")


def test_a_long_report_is_cut_at_its_beginning(drift: Drift) -> None:
    _, body = drift.ends("failure", "first\n" + "x" * 70 + "\n" * 60_000 + "last", [])
    assert body.endswith("    last")
    assert "first" not in body
