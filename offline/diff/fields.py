"""Which fields of a resource differ between two descriptions of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# By which entries of lists are known to be the same one: Kubernetes' merge keys that its own lists have.
_NAMES = ("name", "containerPort", "mountPath", "key", "Sid")
ABSENT = "absent"


@dataclass(frozen=True)
class FieldDifference:
    """One field.

    Args:
        path: as Pulumi writes a property path.
        old: its value, or `absent`.
        new: its value, or `absent`.
    """

    path: str
    old: Any
    new: Any


def differences(old: Any, new: Any, path: str = "") -> Iterator[FieldDifference]:
    """The smallest parts that differ; entries of lists are compared by their names where they have some.

    Texts that are JSON documents, such as policies, are compared as what they say.

    Args:
        old: a value as JSON holds it, or None where there is none.
        new: the same.
        path: where both stand.
    """
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(each for each in new if each not in old)]:
            yield from _entry(old, new, key, f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old), _by_name(new)
        for key in [*before, *(each for each in after if each not in before)]:
            yield from _entry(before, after, key, f"{path}[{key}]")
    elif (documents := _documents(old, new)) is not None:
        yield from differences(*documents, path)
    else:
        yield FieldDifference(path, old, new)


def _documents(old: Any, new: Any) -> tuple[Any, Any] | None:
    """Both values as objects, where both are JSON texts of some."""
    if not all(isinstance(each, str) and each.lstrip().startswith("{") for each in (old, new)):
        return None
    try:
        return json.loads(old), json.loads(new)
    except ValueError:
        return None


def _entry(old: Mapping[Any, Any], new: Mapping[Any, Any], key: Any, path: str) -> Iterator[FieldDifference]:
    if key in old and key in new:
        yield from differences(old[key], new[key], path)
    else:
        yield FieldDifference(path, old.get(key, ABSENT), new.get(key, ABSENT))


def _by_name(values: list[Any]) -> dict[Any, Any]:
    for name in _NAMES:
        names = [each.get(name) if isinstance(each, Mapping) else None for each in values]
        if values and None not in names and len(set(names)) == len(names):
            return dict(zip(names, values, strict=True))
    if all(isinstance(each, str) for each in values) and len(set(values)) == len(values):
        return {each: each for each in values}
    return dict(enumerate(values))
