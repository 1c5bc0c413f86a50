"""GitLab's pipeline says what GitLab knows, by its own schema, and asks for nothing that forks don't have."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.workflows.dry_run.steps import GITLAB

_PREDEFINED = re.compile(r"CI_|GITLAB_|MOKA_PRIVILEGED_RUNNER$|DESCRIPTION$")


def check(pipeline: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "check-jsonschema"
    command = [str(program), "--builtin-schema", "vendor.gitlab-ci", str(pipeline)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_gitlabs_own_schema_finds_nothing() -> None:
    done = check(GITLAB)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    when: always", "    when: sometimes"),
        ("  timeout: 30 minutes", "  timeout: [30]"),
        ("interruptible: true", "interruptible: maybe"),
        ("  script:\n    - make lint\n", "  scripts:\n    - make lint\n"),
    ],
)
def test_a_planted_mistake_is_found(tmp_path: Path, old: str, new: str) -> None:
    text = GITLAB.read_text()
    assert old in text
    pipeline = tmp_path / ".gitlab-ci.yml"
    pipeline.write_text(text.replace(old, new))
    assert check(pipeline).returncode == 1


def test_it_reads_nothing_but_what_gitlab_sets_for_every_fork() -> None:
    names = set(re.findall(r"\$\{?(\w+)", GITLAB.read_text()))
    assert names
    assert {name for name in names if not _PREDEFINED.match(name)} == set()
    jobs = yaml.safe_load(GITLAB.read_text())
    assert not any("id_tokens" in job or "secrets" in job for job in jobs.values() if isinstance(job, dict))
