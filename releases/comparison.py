"""What `python -m offline diff --json` says of two revisions, read back: the contract between it and upgrade notes.

Takes what it knows; keys that are new are passed over, and those of a later date are empty in what an older one wrote.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.change import Effect
from offline.diff.resource_change import place_of
from offline.providers.names import urn_type
from releases.errors import ReleaseError

# Nothing or something changes, a stack is refused, a danger is open: all of these are answers.
_ANSWERS = (0, 1, 2, 3)


@dataclass(frozen=True)
class Setting:
    """A setting that an environment is deployed with, and will be.

    Args:
        path: dots between keys.
        old: the value that runs.
        new: the one that it gets.
        change: what that does, beginning with its effect.
    """

    path: str
    old: object
    new: object
    change: str

    def has(self, *effects: Effect) -> bool:
        """Whether its effect is one of some."""
        return self.change.partition(":")[0].partition(";")[0].partition(" (")[0] in effects

    @property
    def loses(self) -> bool:
        """Whether it must stand in accept_loss."""
        return "accept_loss" in self.change


@dataclass(frozen=True)
class Resource:
    """A resource that the release changes.

    Args:
        operation: create, update, replace or delete.
        urn: of the resource.
        because_of: properties that force a replacement.
        fields: paths of what differs.
    """

    operation: str
    urn: str
    because_of: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Its type token."""
        return urn_type(self.urn)

    @property
    def place(self) -> str:
        """Type and logical name."""
        return place_of(self.urn)


@dataclass(frozen=True)
class Environment:
    """What a release does to one environment.

    Args:
        name: of its stack.
        outcome: as the comparison has it: changed, unchanged, unaffected, refused, new or gone.
        refusal: why it can't be deployed as it stands.
        accepts: lines that say of a danger that it is meant, each with what is at stake.
        settings: what differs among those that it is deployed with.
        resources: what changes.
        permissions: how many rights are given, and how many taken.
        connections: how many ways are opened, and how many closed.
    """

    name: str
    outcome: str
    refusal: str = ""
    accepts: tuple[tuple[str, str], ...] = ()
    settings: tuple[Setting, ...] = ()
    resources: tuple[Resource, ...] = ()
    permissions: tuple[int, int] = (0, 0)
    connections: tuple[int, int] = (0, 0)

    def with_operation(self, name: str) -> list[Resource]:
        """Resources that one operation is carried out on."""
        return [each for each in self.resources if each.operation == name]

    @property
    def gets_images(self) -> bool:
        """Whether something of it runs another image."""
        return any(field.rpartition(".")[2] == "image" for each in self.resources for field in each.fields)


def compared(project: Path, base: str, head: str) -> str:
    """What the comparison of two revisions says, as JSON.

    Raises:
        ReleaseError: when it says nothing.
    """
    command = [sys.executable, "-m", "offline", "diff", base, head, "--json"]
    done = subprocess.run(command, cwd=project, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in _ANSWERS or not done.stdout.strip():
        raise ReleaseError(f"{base} and {head} can't be compared; the lines above say why")
    return done.stdout


def environments(document: str) -> list[Environment]:
    """The environments of a comparison, in its order.

    Args:
        document: as `python -m offline diff --json` prints it.

    Raises:
        ReleaseError: when it is no comparison.
    """
    try:
        found = json.loads(document)["stacks"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ReleaseError(f"this is not what python -m offline diff --json prints: {error!r}") from error
    return [_environment(each) for each in found]


def _environment(stack: Mapping[str, Any]) -> Environment:
    return Environment(
        name=stack["stack"],
        outcome=stack["outcome"],
        refusal=stack.get("refusal", ""),
        accepts=tuple((each["line"], each["reason"]) for each in stack.get("dangers", ())),
        settings=tuple(
            Setting(each["path"], each["old"], each["new"], each["change"]) for each in stack.get("settings", ())
        ),
        resources=tuple(
            Resource(
                each["operation"],
                each["urn"],
                tuple(each.get("replaces", ())),
                tuple(one["path"] for one in each.get("fields", ())),
            )
            for each in stack.get("resources", ())
        ),
        permissions=_gained_and_lost(stack.get("permissions", ())),
        connections=_gained_and_lost(stack.get("connections", ())),
    )


def _gained_and_lost(changes: Any) -> tuple[int, int]:
    gained = sum(bool(each["gained"]) for each in changes)
    return gained, len(changes) - gained
