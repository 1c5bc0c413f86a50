"""The four real stack files as tests read them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from components.footprint import other_footprints
from components.settings import STACKS, Settings, parse

ENVIRONMENTS = ("test", "dev", "staging", "production")
TODAY = date(2026, 11, 23)

Tree = dict[str, Any]


def stack_file(stack: str, directory: Path = STACKS) -> Path:
    """Path of a stack's file."""
    return directory / f"Pulumi.{stack}.yaml"


def settings_tree(stack: str) -> Tree:
    """A fresh copy of a stack's settings, free to change."""
    return yaml.safe_load(stack_file(stack).read_text())["config"]["moka:settings"]


def settings(stack: str, change: Callable[[Tree], object] | None = None, today: date = TODAY) -> Settings:
    """A stack's settings after a change to their tree, judged with the other stacks at hand."""
    tree = settings_tree(stack)
    if change:
        change(tree)
    return parse(json.dumps(tree), stack, other_footprints(STACKS, stack), today, accepts_examples=True)
