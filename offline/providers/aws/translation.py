"""One AWS resource from Pulumi's names and shapes into those of a JSON schema: CloudFormation's or an API call's.

Names match when the schema's name, written in camel case, is Pulumi's; a row's `renamed` holds the rest. Values follow
the schema: tags become lists of keys and values, JSON text becomes an object, `"true"` a boolean, a block that may
occur once a list or back. Every translated value remembers its place in the inputs, so that what a schema says of it
can be said in Pulumi's names. Leaves out whether the values are right.
"""

import json
from collections.abc import Mapping
from typing import Any

from offline.providers.aws.shape import Node, Shape
from offline.providers.aws.wording import Path, Translation, Wording, dotted, joined, steps
from offline.providers.values import is_unknown

_EACH = "[]"
# What lists of named values call their two halves.
_PAIRS = (("Key", "Value"), ("TagKey", "TagValue"), ("Name", "Value"))


def translate(inputs: Mapping[str, Any], shape: Shape, wording: Wording) -> Translation:
    """Plain inputs, unknown values among them, in the names and shapes of a schema."""
    walk = _Walk(shape, wording)
    walk.members(dict(inputs), shape.root, (), "")
    for key, implied in wording.implied.items():
        if inputs.get(key) is not None:
            for path, value in implied.items():
                walk.put(value, shape.root, (), steps(path), key)
    return Translation(walk.made, walk.places, tuple(walk.unmapped))


class _Walk:
    """Fills in one translation."""

    def __init__(self, shape: Shape, wording: Wording) -> None:
        self._shape, self._wording = shape, wording
        self.made: dict[str, Any] = {}
        self.places: dict[Path, str] = {}
        self.unmapped: list[str] = []

    def members(self, value: Mapping[str, Any], node: Node, target: Path, place: str) -> None:
        """Each property of a block."""
        for key, item in value.items():
            here = joined(place, key)
            if item is None or dotted(here) in self._wording.ignored:
                continue
            way = self._way(key, dotted(here), node)
            if way is None:
                self.unmapped.append(here)
            elif item not in ([], {}) and (way or not is_unknown(item)):
                # The provider leaves empty lists and maps out of its calls, and nothing can be lifted out of a block
                # that is not known yet.
                self.put(item, node, target, way, here)

    def _way(self, key: str, name: str, node: Node) -> tuple[str, ...] | None:
        if name in self._wording.renamed:
            return steps(self._wording.renamed[name])
        if member := self._shape.named(node, key):
            return (member,)
        inside = self._wording.inside
        if name == key and inside and (member := self._shape.named(self._shape.member(node, inside), key)):
            return (inside, member)
        return None

    def put(self, value: Any, node: Node, target: Path, way: tuple[str, ...], place: str) -> None:
        """A value at the end of a way that may lead through lists and objects."""
        if not way:
            self._value(value, node, target, place)
        elif way[0] == _EACH and is_unknown(value):
            self._keep(value, target, place)
        elif way[0] == _EACH:
            for index, item in enumerate(value if isinstance(value, list) else [value]):
                self.put(item, self._shape.item(node), (*target, index), way[1:], f"{place}.{index}")
        elif way[0].startswith("["):
            self.put(value, self._shape.item(node), (*target, int(way[0][1:-1])), way[1:], place)
        else:
            self.put(value, self._shape.member(node, way[0]), (*target, way[0]), way[1:], place)

    def _value(self, value: Any, node: Node, target: Path, place: str) -> None:
        node = self._shape.resolved(node)
        if isinstance(value, str) and not is_unknown(value) and self._shape.is_document(node):
            value, node = _document(value), {}
        if is_unknown(value):
            self._keep(value, target, place)
        elif self._shape.takes(node, "array"):
            self._list(value, self._shape.item(node), target, place)
        elif isinstance(value, list) and len(value) == 1 and self._shape.takes(node, "object"):
            self._value(value[0], node, target, joined(place, "0"))
        elif isinstance(value, dict) and self._shape.has_members(node):
            if target:
                self._keep({}, target, place)
            self.members(value, node, target, place)
        else:
            self._keep(_scalar(value, node, self._shape), target, place)

    def _list(self, value: Any, item: Node, target: Path, place: str) -> None:
        self._keep([], target, place)
        pair = next((pair for pair in _PAIRS if all(self._shape.member(item, half) for half in pair)), None)
        if isinstance(value, dict) and pair and not set(value) & {half.lower() for half in pair}:
            for index, (key, each) in enumerate(value.items()):
                self._keep(key, (*target, index, pair[0]), joined(place, key))
                self._value(each, self._shape.member(item, pair[1]), (*target, index, pair[1]), joined(place, key))
            return
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            here = joined(place, str(index)) if isinstance(value, list) else place
            self._value(each, item, (*target, index), here)

    def _keep(self, value: Any, target: Path, place: str) -> None:
        self.places[target] = place
        _insert(self.made, target, value)


def _insert(root: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at a path, making the objects and lists on the way; an object already there is filled further."""
    holder: Any = root
    for step, following in zip(path, (*path[1:], None), strict=True):
        empty: Any = value if following is None else ([] if isinstance(following, int) else {})
        if isinstance(holder, list):
            while len(holder) <= int(step):
                holder.append(type(empty)() if isinstance(empty, list | dict) else empty)
            if following is None and value not in ({}, []):
                holder[int(step)] = value
            holder = holder[int(step)]
        else:
            if following is None and (step not in holder or value not in ({}, [])):
                holder[step] = value
            holder = holder.setdefault(step, empty)


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _scalar(value: Any, node: Node, shape: Shape) -> Any:
    """Pulumi writes some booleans and numbers as text, and the reverse; it takes policies as objects and as text."""
    if isinstance(value, str) and value in ("true", "false") and shape.takes(node, "boolean"):
        return value == "true"
    if isinstance(value, str) and value.isdigit() and shape.takes(node, "integer"):
        return int(value)
    if isinstance(value, int) and shape.takes(node, "string", only=True):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, dict) and shape.takes(node, "string", only=True):
        return json.dumps(value)
    return value
