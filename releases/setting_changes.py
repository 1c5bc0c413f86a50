"""Settings of two releases, by the schema that each has of its stack files.

Tells which fields are new, gone, have another default or take other values. Leaves out rules between fields, which only
loading a stack checks.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.change import direction
from components.settings_reference import Entry, entries
from releases.errors import ReleaseError

FILE = "stacks/schema.json"
REQUIRED = "required"


@dataclass(frozen=True)
class OtherDefault:
    """A field whose default is another one.

    Args:
        path: dots between keys.
        old: as JSON, or in words where it follows from other fields.
        new: likewise.
        change: what that does to an environment that leaves the field out.
    """

    path: str
    old: str
    new: str
    change: str


@dataclass(frozen=True)
class SettingChanges:
    """What differs between two schemas.

    Args:
        new: fields that only the later one has.
        gone: fields that only the earlier one has; a file that has one is refused.
        defaults: fields with another default.
        kinds: fields that take other values: path, what it took and what it takes.
    """

    new: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()
    defaults: tuple[OtherDefault, ...] = ()
    kinds: tuple[tuple[str, str, str], ...] = ()

    @property
    def required(self) -> tuple[Entry, ...]:
        """New fields that every file must have."""
        return tuple(each for each in self.new if each.default == REQUIRED)

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.defaults or self.kinds)


def setting_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> SettingChanges:
    """What differs between the schemas of stack files."""
    old, new = ({each.path: each for each in entries(_settings(schema))} for schema in (before, after))
    both = [(old[path], new[path]) for path in new if path in old]
    return SettingChanges(
        new=tuple(_outermost(each for path, each in new.items() if path not in old)),
        gone=tuple(_outermost(each for path, each in old.items() if path not in new)),
        defaults=tuple(_other_default(was, now) for was, now in both if was.default != now.default),
        kinds=tuple((now.path, was.kind, now.kind) for was, now in both if was.kind != now.kind),
    )


def schema_at(project: Path, revision: str) -> Mapping[str, Any]:
    """The schema that a revision has.

    Args:
        project: a checkout.
        revision: of git.

    Raises:
        ReleaseError: when it has none.
    """
    command = ["git", "-C", str(project), "show", f"{revision}:./{FILE}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{revision} has no {FILE}: {done.stderr.strip()}. git fetch --tags brings more.")
    return json.loads(done.stdout)


def _settings(schema: Mapping[str, Any]) -> dict[str, Any]:
    tree = schema["properties"]["config"]["properties"]["moka:settings"]
    return {**tree, "$defs": schema["$defs"]}


def _outermost(found: Any) -> list[Entry]:
    """Fields without those that stand in one of them."""
    kept: list[Entry] = []
    for each in found:
        if not any(each.path.startswith(f"{outer.path}.") for outer in kept):
            kept.append(each)
    return kept


def _other_default(was: Entry, now: Entry) -> OtherDefault:
    sentence = now.changes.get("change", "")
    if REQUIRED not in (was.default, now.default) and now.changes:
        old, new = _value(was.default), _value(now.default)
        sentence = now.changes.get(f"to {new}") or now.changes.get(direction(old, new), sentence)
    return OtherDefault(now.path, was.default, now.default, sentence)


def _value(default: str) -> object:
    try:
        return json.loads(default)
    except json.JSONDecodeError:
        # Told in words, because it follows from other fields.
        return default
