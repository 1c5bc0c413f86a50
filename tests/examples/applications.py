"""The SparkApplications of examples/, each alone and with every set of patches that goes together."""

import copy
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import yaml

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
NAMES = ("word-count", "store-sales")
ARCHITECTURES = {"on-graviton": "arm64", "on-intel": "x86_64"}
PATCHES = (*ARCHITECTURES, "driver-on-demand", "without-celeborn")
_KNOWN = Path(__file__).parent / "known_fields.txt"
_TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "array": list,
    "object": dict,
    "map": dict,
    "boolean": bool,
}

Object = dict[str, Any]


def application(name: str, *patches: str) -> Object:
    """A SparkApplication after patches, as `kubectl patch --type merge` makes it."""
    made = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text())
    for each in patches:
        made = merged(made, yaml.safe_load((EXAMPLES / "patches" / f"{each}.yaml").read_text()))
    return made


def merged(target: Any, patch: Any) -> Any:
    """A JSON merge patch, RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    made = copy.deepcopy(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), value)
    return made


def variants() -> Iterator[tuple[str, ...]]:
    """Every example with every set of patches: one architecture at most, and any of the others."""
    architectures = ((), *((each,) for each in ARCHITECTURES))
    for name, architecture, driver, celeborn in product(
        NAMES, architectures, ((), ("driver-on-demand",)), ((), ("without-celeborn",))
    ):
        yield (name, *architecture, *driver, *celeborn)


def unknown(spec: Mapping[str, Any]) -> list[str]:
    """What the definition of the kind does not know, or knows with another type or other values."""
    known = {line.split()[0]: line.split()[1:] for line in _KNOWN.read_text().splitlines()[1:]}
    wrong = []
    for path, value in _paths(spec, known):
        kind, *values = known.get(path, [""])
        if kind not in _TYPES or not isinstance(value, _TYPES[kind]) or (values and value not in values[-1].split(",")):
            wrong.append(f"{path}: {value!r}")
    return wrong


def _paths(spec: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    parents = {path.partition(".")[0] for path in known if "." in path}
    for name, value in spec.items():
        yield name, value
        if name in parents and isinstance(value, dict):
            yield from ((f"{name}.{below}", each) for below, each in value.items())
