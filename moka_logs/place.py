"""Where an environment's Spark logs are: bucket and Region, from the stack's file alone, without Pulumi's state.

Reads no more of the file than it needs: who looks for a log must not be stopped by a wrong node group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.writers import Purpose

STACKS = Path(__file__).parent.parent / "stacks"


class PlaceError(Exception):
    """A stack that does not say where its logs are."""


@dataclass(frozen=True)
class Place:
    """Where to look.

    Args:
        bucket: name of the bucket.
        region: its Region.
    """

    bucket: str
    region: str


def stacks(directory: Path = STACKS) -> list[str]:
    """Names of the stacks that have a file."""
    return sorted(path.name.split(".")[1] for path in directory.glob("Pulumi.*.yaml"))


def place_of(
    stack: str,
    bucket: str | None = None,
    region: str | None = None,
    directory: Path = STACKS,
    *,
    purpose: Purpose = "spark-logs",
) -> Place:
    """The place of a stack's Spark logs, or event logs.

    Args:
        stack: name of the stack.
        bucket: another bucket than the stack's.
        region: another Region than the stack's.
        directory: where stack files lie.
        purpose: which of the stack's buckets.

    Raises:
        PlaceError: when the stack has no file, or the file lacks what the name of the bucket is made of.
    """
    account = account_of(stack, stack_settings(stack, directory))
    return Place(bucket or bucket_name(purpose, account), region or account.region)


def stack_settings(stack: str, directory: Path = STACKS) -> dict[str, Any]:
    """What a stack's file says under moka:settings, unchecked.

    Args:
        stack: name of the stack.
        directory: where stack files lie.

    Raises:
        PlaceError: when the stack has no file, or the file is no YAML.
    """
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        raise PlaceError(f"there is no stack {stack!r}; stacks are {', '.join(stacks(directory))}")
    return _settings(path)


def account_of(stack: str, settings: Mapping[str, Any]) -> Account:
    """The account that a stack is for.

    Args:
        stack: name of the stack.
        settings: what its file says.

    Raises:
        PlaceError: when it does not say enough.
    """
    names = ("name", "account_id", "region")
    if missing := [name for name in names if not isinstance(settings.get(name), str)]:
        raise PlaceError(
            f"Pulumi.{stack}.yaml lacks {' and '.join(missing)} under moka:settings, of which the bucket's name is "
            "made: add it as quoted text, or give --bucket and --region"
        )
    mirror = (settings.get("images") or {}).get("mirror")
    return Account(*(settings[name] for name in names), mirror=mirror)


def _settings(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PlaceError(f"{path.name} is not YAML ({error}): mend it, or take it from the repository") from error
    for name in ("config", "moka:settings"):
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree if isinstance(tree, dict) else {}
