"""checkov, which looks at the rendered template of CloudFormation and at the objects of Kubernetes."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from offline.go_build import MODULES
from offline.progress import Say, say
from offline.python_environment import python_environment
from tests.stacks.linters.finding import Finding

_FRAMEWORKS = ("cloudformation", "kubernetes")
_OPTIONS = ("--framework", *_FRAMEWORKS, "--output", "json", "--compact", "--quiet")
# No check is about them, and to read them takes most of the time.
_UNREAD = ("--skip-path", "/customresourcedefinition-", "--skip-path", "/stack.json")
_SHOWN_CHARACTERS = 1500


def find_checkov(report: Say) -> Path:
    """The Python that has checkov.

    Args:
        report: where the signs of life of an installation go.

    Raises:
        MissingToolError: when it can't be installed.
    """
    return python_environment(MODULES / "checkov" / "requirements.txt", "checkov", report)


def findings(rendered: Mapping[str, Path]) -> list[Finding]:
    """Everything that checkov reports; each directory is read by itself, in one run.

    It gets neither a variable nor a file by which a person changes what it checks, and asks no server.

    Args:
        rendered: name of a stack to the directory that it was rendered to.
    """
    directories = [word for each in rendered.values() for word in ("--directory", str(each.resolve()))]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [find_checkov(say), "-m", "checkov.main", *directories, *_OPTIONS, *_UNREAD, "--skip-download"],
            cwd=home,
            env={"PATH": os.environ["PATH"], "HOME": home, "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            check=False,
        )
    reports = list(_reports(done.stdout))
    assert {each["check_type"] for each in reports} == set(_FRAMEWORKS), done.stderr[-_SHOWN_CHARACTERS:]
    for each in reports:
        unread = {name: each["summary"][name] for name in ("parsing_errors", "skipped")}
        assert unread == {"parsing_errors": 0, "skipped": 0}, each["check_type"]
    return [_finding(each, rendered) for report in reports for each in report["results"]["failed_checks"]]


def _reports(text: str) -> Iterator[dict[str, Any]]:
    """The last of several documents: each has what those before it have."""
    decoder, rest, last = json.JSONDecoder(), text.strip(), []
    while rest:
        last, end = decoder.raw_decode(rest)
        rest = rest[end:].strip()
    yield from last


def _finding(reported: Mapping[str, Any], rendered: Mapping[str, Path]) -> Finding:
    path = Path(reported["file_abs_path"])
    (stack,) = (name for name, directory in rendered.items() if path.is_relative_to(directory.resolve()))
    kind, _, rest = reported["resource"].partition(".")
    if "kubernetes" in path.parts:
        namespace, _, name = rest.partition(".")
        # Where there is none, it names the one that Kubernetes would take.
        place = f"{kind}/{name}" if path.parent.name == "_cluster" else f"{kind}/{namespace}/{name}"
    else:
        place = f"{kind}/{rest}"
    return Finding(stack, f"checkov {reported['check_id']}: {reported['check_name']}", place)
