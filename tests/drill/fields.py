"""The fields of a stack's settings as the drill changes them: each place in the tree, and other values for it."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from components.change import Change, OnChange, classification
from components.footprint import other_footprints
from components.rules.changes import is_entries, model_within
from components.settings import STACKS, Settings, parse
from components.settings_error import SettingsError
from components.settings_reference import entries
from tests.checks.mistakes_settings import put
from tests.drill.values import COMPANIONS, OTHER_VALUES
from tests.stack_files import TODAY, Tree

# Path with slashes to the value there.
Changes = Mapping[str, Any]
SCHEMAS = {each.path: each.schema for each in entries()}


@dataclass(frozen=True)
class Place:
    """One field in one stack's settings.

    Args:
        pattern: path with `<name>` for keys that the stack chooses.
        path: path with slashes, from the top of the tree.
        value: what the stack has, as JSON.
        on_change: what the field says of itself.
    """

    pattern: str
    path: str
    value: Any
    on_change: OnChange

    def __str__(self) -> str:
        return self.pattern

    def change(self, old: Any, new: Any) -> Change:
        """What a change from one value to another does."""
        if isinstance(old, dict) and isinstance(new, dict) and is_mapping(self.pattern):
            key = next(key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key))
            old, new = old.get(key), new.get(key)
        return self.on_change.of(old, new)


def is_mapping(pattern: str) -> bool:
    """Whether the field holds entries by name."""
    return SCHEMAS[pattern].get("type") == "object"


def places(tree: Tree) -> list[Place]:
    """Every field once; of entries by name, the first.

    Args:
        tree: the whole settings as JSON, defaults included.
    """
    return list(_places(Settings, tree, "", ""))


def _places(model: type[BaseModel], tree: Mapping[str, Any], path: str, pattern: str) -> Iterator[Place]:
    for name, field in model.model_fields.items():
        value = tree[name]
        on_change = classification(field.metadata)
        inner = model_within(field.annotation)
        if on_change:
            yield Place(f"{pattern}{name}", f"{path}{name}", value, on_change)
        # A list changes as a whole.
        if inner is None or not value or isinstance(value, list):
            continue
        if is_entries(field.annotation):
            key = next(iter(value))
            yield from _places(inner, value[key], f"{path}{name}/{key}/", f"{pattern}{name}.<name>.")
        else:
            yield from _places(inner, value, f"{path}{name}/", f"{pattern}{name}.")


def other_values(place: Place, stack: str, tree: Tree) -> st.SearchStrategy[Changes]:
    """Changes that give the field another value and make whole settings.

    Args:
        place: the field.
        stack: the stack's name.
        tree: its whole settings.

    Raises:
        LookupError: where none loads; `values.py` is the place to name some.
    """
    companions = COMPANIONS.get(place.pattern, {})
    changes = [{place.path: each, **companions} for each in _candidates(place) if each != place.value]
    found = [each for each in changes if loads(stack, tree, each)]
    if not found:
        raise LookupError(f"{place.pattern}: name another value than {place.value} in tests/drill/values.py")
    return st.sampled_from(found)


def _candidates(place: Place) -> Iterator[Any]:
    if place.pattern in OTHER_VALUES:
        yield from OTHER_VALUES[place.pattern](deepcopy(place.value))
        return
    for schema in (SCHEMAS[place.pattern], *SCHEMAS[place.pattern].get("anyOf", ())):
        yield from schema.get("enum", ())
        if schema.get("type") == "boolean":
            yield from (True, False)
        if schema.get("type") == "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 2**31)
            near = place.value if isinstance(place.value, int) else low
            steps = (near + 1, near + near // 4, near * 2, near - 1, near // 2, low, high)
            yield from (each for each in steps if low <= each <= high)
        if schema.get("type") == "null":
            yield None


def loads(stack: str, tree: Tree, changes: Changes) -> bool:
    """Whether a stack's settings load with other values at some paths."""
    wanted = changed(tree, changes)
    running = {"cluster": {"kubernetes_version": tree["cluster"]["kubernetes_version"]}}
    try:
        parse(json.dumps(wanted), stack, other_footprints(STACKS, stack), TODAY, running, accepts_examples=True)
    except SettingsError:
        return False
    return True


def changed(tree: Tree, changes: Changes) -> Tree:
    """A copy of the settings with other values at some paths."""
    copy = deepcopy(tree)
    for path, value in changes.items():
        put(path, deepcopy(value))(copy)
    return copy
