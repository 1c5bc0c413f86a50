"""A copy of the program whose files a test may change."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from components.settings import STACKS
from tests.stack_files import stack_file

PROJECT = STACKS.parent


def copy_of_project(target: Path) -> Path:
    """Copy what `pulumi up` reads; returns the copy."""
    target.mkdir()
    for name in ("components", "stacks"):
        shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__main__.py", "Pulumi.yaml"):
        shutil.copy(PROJECT / name, target / name)
    return target


def set_settings(project: Path, stack: str, values: Mapping[str, Any]) -> None:
    """Set values in a stack file's settings; slashes between keys."""
    file = stack_file(stack, project / "stacks")
    document = yaml.safe_load(file.read_text())
    for path, value in values.items():
        *parents, last = path.split("/")
        tree = document["config"]["moka:settings"]
        for key in parents:
            tree = tree.setdefault(key, {})
        tree[last] = value
    file.write_text(yaml.safe_dump(document))
