"""A repository with what releases are made of, in which tests commit and tag."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from releases.fragments import CHANGELOG, DIRECTORY, TEMPLATE

PROJECT = Path(__file__).resolve().parents[2]


def git(directory: Path, *words: str) -> str:
    """What git answers, whoever runs it."""
    identity = ["-c", "user.name=moka", "-c", "user.email=moka@users.noreply.github.com"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", *identity, *words]
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=True).stdout


def repository(place: Path, version: str = "0.1.0", schema: Mapping[str, Any] | None = None) -> Path:
    """One on a branch main, with one commit and no fragment."""
    for directory in ("components", "stacks", DIRECTORY):
        (place / directory).mkdir(parents=True)
    (place / "components" / "release.py").write_text(f'"""The release."""\n\nRELEASE = "{version}"\n')
    for name in ("pyproject.toml", f"{DIRECTORY}/{TEMPLATE}"):
        shutil.copy(PROJECT / name, place / name)
    head, mark, _ = (PROJECT / CHANGELOG).read_text().partition("<!-- releases: made by make release -->\n")
    (place / CHANGELOG).write_text(head + mark)
    (place / "stacks" / "schema.json").write_text(json.dumps(schema or {}))
    git(place, "init", "--quiet", "--initial-branch=main")
    return commit(place, "Begin")


def commit(place: Path, message: str) -> Path:
    """Commit all that is there."""
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", message)
    return place


def fragment(place: Path, name: str, text: str) -> None:
    """Write a fragment."""
    (place / DIRECTORY / name).write_text(f"{text}\n")
