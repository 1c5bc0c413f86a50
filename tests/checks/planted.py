"""A planted mistake: a change to one resource of a real stack, and what a judge must say of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from offline.providers.names import urn_name, urn_type
from offline.providers.resource import Resource

Inputs = dict[str, Any]


@dataclass(frozen=True)
class Planted:
    """One mistake in one resource of the production stack.

    Args:
        type: type token of the resource that is changed.
        name: its logical name.
        change: edits a copy of its inputs in place.
        judge: name of the judge that must find it.
        place: property path that the finding must name.
        says: words that the finding's sentence must hold.
        alone: whether no other judge finds it.
        cut: type token and logical name of each resource that it no longer waits for.
        stack: the fixture whose resources it is planted in.
        found_in: logical name of the resource that the finding names, where that comes along with the changed one.
    """

    type: str
    name: str
    change: Callable[[Inputs], object]
    judge: str
    place: str
    says: str
    alone: bool = True
    cut: frozenset[tuple[str, str]] = frozenset()
    stack: str = "production"
    found_in: str = ""

    def __str__(self) -> str:
        return f"{self.judge}: {self.name} {self.place}"


def put(path: str, value: Any) -> Callable[[Inputs], None]:
    """A change that sets one value; slashes between keys, digits are list indices."""

    def change(inputs: Inputs) -> None:
        *parents, last = path.split("/")
        target: Any = inputs
        for key in parents:
            target = target[int(key)] if isinstance(target, list) else target.setdefault(key, {})
        if isinstance(target, list):
            target[int(last)] = value
        else:
            target[last] = value

    return change


def drop(path: str) -> Callable[[Inputs], None]:
    """A change that removes one value."""

    def change(inputs: Inputs) -> None:
        *parents, last = path.split("/")
        target: Any = inputs
        for key in parents:
            target = target[int(key)] if isinstance(target, list) else target[key]
        del target[last]

    return change


def planted_in(resources: Iterable[Resource], mistake: Planted, copy: Callable[[Any], Any]) -> Sequence[Resource]:
    """The resources with the mistake in one of them."""
    changed: list[Resource] = []
    for resource in resources:
        if (resource.type, resource.name) == (mistake.type, mistake.name):
            inputs = copy(resource.inputs)
            mistake.change(inputs)
            left = frozenset(urn for urn in resource.waits_for if (urn_type(urn), urn_name(urn)) not in mistake.cut)
            changed.append(replace(resource, inputs=inputs, waits_for=left))
        else:
            changed.append(resource)
    return changed
