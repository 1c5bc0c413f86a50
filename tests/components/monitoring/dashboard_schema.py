"""Dashboards against Grafana's own types, as grafana-foundation-sdk carries them generated from Grafana's schema.

The library reads what it knows and passes over the rest, so a dashboard is read and written again: what did not come
back, or came back otherwise, is not in the schema. Its classes state types that it does not check; that is done here.
Leaves out what a panel plugin makes of a valid option.
"""

import enum
import json
import types
import typing
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

plugins.register_default_plugins()


def schema_problems(dashboard: dict[str, Any]) -> list[str]:
    """What of a dashboard Grafana's schema does not know, by path."""
    model = Dashboard.from_json(dashboard)
    written = json.loads(JSONEncoder(sort_keys=True).encode(model))
    return [*_not_kept(dashboard, written, "$"), *_wrong_types(model, Dashboard, "$")]


def _not_kept(given: Any, written: Any, path: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(written, dict):
        for key, value in given.items():
            if key in written:
                yield from _not_kept(value, written[key], f"{path}.{key}")
            else:
                yield f"{path}.{key} is not in the schema"
    elif isinstance(given, list) and isinstance(written, list) and len(given) == len(written):
        for index, (left, right) in enumerate(zip(given, written, strict=True)):
            yield from _not_kept(left, right, f"{path}[{index}]")
    elif given != written:
        yield f"{path} is {given!r}, and becomes {written!r}"


def _wrong_types(value: Any, expected: Any, path: str) -> Iterator[str]:
    origin, arguments = typing.get_origin(expected), typing.get_args(expected)
    if origin in (typing.Union, types.UnionType):
        yield from _wrong_in_union(value, arguments, path)
    elif origin is list and not isinstance(value, list):
        yield f"{path} is {value!r}, which is no list"
    elif origin in (list, dict):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _wrong_types(each, arguments[-1], f"{path}[{key}]")
    elif expected in (object, Any):
        # Options of a panel: which class reads them depends on the panel's type.
        if hasattr(value, "to_json"):
            yield from _wrong_types(value, type(value), path)
    elif isinstance(expected, type):
        yield from _wrong_in_class(value, expected, path)


def _wrong_in_union(value: Any, alternatives: tuple[Any, ...], path: str) -> Iterator[str]:
    if value is None and types.NoneType in alternatives:
        return
    attempts = [list(_wrong_types(value, each, path)) for each in alternatives if each is not types.NoneType]
    if all(attempts):
        # What is no class of the union fails at once, its own class further down, where the fault is.
        yield from max(attempts, key=lambda problems: max(map(len, problems)))


def _wrong_in_class(value: Any, expected: type[Any], path: str) -> Iterator[str]:
    if issubclass(expected, enum.Enum):
        values = [each.value for each in expected]
        if value not in values:
            yield f"{path} is {value!r}, which is none of {values}"
    elif not _is_a(value, expected):
        yield f"{path} is {value!r}, which is no {expected.__name__}"
    elif hasattr(value, "to_json"):
        for name, hint in typing.get_type_hints(type(value)).items():
            yield from _wrong_types(getattr(value, name), hint, f"{path}.{name}")


def _is_a(value: Any, expected: type[Any]) -> bool:
    if expected is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if expected is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, expected)
