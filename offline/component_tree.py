"""The tree of components that a run went through, with what it did to each resource.

A resource is counted where the engine counts it: components and the stack itself are counted, and so are providers,
but not those that the engine makes for itself where a program names none.

Source: pulumi/pulumi, pkg/engine/update.go and pkg/resource/deploy/providers/reference.go (IsDefaultProvider).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from offline.providers.names import urn_name, urn_type

STACK = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"
_DEFAULT = "default"
# How deep people are shown components: the one that holds all others, and those.
UNFOLDED_LEVELS = 2
# Kinds of resources that no package has.
NO_PACKAGES = ("components", "providers", "stack")


@dataclass(frozen=True)
class Step:
    """What a run did with one resource.

    Args:
        operation: the engine's word; `same` where it did nothing.
        urn: of the resource.
        parent: URN of its parent; empty for the stack.
        is_component: whether it is one, and no resource of a provider; the stack is one too.
    """

    operation: str
    urn: str
    parent: str = ""
    is_component: bool = False


@dataclass(frozen=True)
class Component:
    """A component with all that belongs to it.

    Args:
        name: its logical name; the stack's own name at the top.
        own: what was done with itself and with resources that belong to no component in it.
        parts: components in it, by name.
    """

    name: str
    own: tuple[Step, ...]
    parts: tuple["Component", ...] = ()

    @property
    def steps(self) -> Iterator[Step]:
        """Everything in it."""
        yield from self.own
        for part in self.parts:
            yield from part.steps

    @property
    def operations(self) -> Counter[str]:
        """How many resources each operation was done to."""
        return Counter(step.operation for step in self.steps)


def is_counted(urn: str) -> bool:
    """Whether the engine counts a resource."""
    return not (urn_type(urn).startswith(_PROVIDERS) and urn_name(urn).startswith(_DEFAULT))


def kinds_in(deployment: Mapping[str, Any]) -> dict[str, int]:
    """How many resources a deployment holds of each kind, in the words of a sentence; together they are all of them."""
    kinds = Counter(_kind(each) for each in deployment.get("resources", []) if is_counted(each["urn"]))
    return {kind: kinds[kind] for kind in sorted(kinds, key=lambda each: (each in NO_PACKAGES, each))}


def place_in(steps: Iterable[Step]) -> str:
    """Name of the component that the last of these steps is in, as far as the tree is unfolded for people."""
    listed = {each.urn: each for each in steps}
    above = [next(reversed(listed))] if listed else []
    while above and (parent := listed[above[-1]].parent) in listed:
        above.append(parent)
    inner = [each for each in reversed(above) if listed[each].is_component and urn_type(each) != STACK]
    return urn_name(inner[:UNFOLDED_LEVELS][-1]) if inner else ""


def component_tree(stack: str, steps: Iterable[Step]) -> Component:
    """The tree.

    Args:
        stack: name of the stack.
        steps: what was done with everything in it.
    """
    listed = tuple(steps)
    parents = {each.urn: each.parent for each in listed}
    components = {each.urn for each in listed if each.is_component and urn_type(each.urn) != STACK}
    own: dict[str, list[Step]] = {"": []}
    parts: dict[str, set[str]] = {"": set()}
    for each in listed:
        holder = each.urn if each.urn in components else _component_above(each.urn, parents, components)
        own.setdefault(holder, []).append(each)
    for urn in components:
        parts.setdefault(_component_above(urn, parents, components), set()).add(urn)

    def made(urn: str, name: str) -> Component:
        below = sorted((urn_name(each), each) for each in parts.get(urn, ()))
        return Component(name, tuple(own.get(urn, ())), tuple(made(each, its_name) for its_name, each in below))

    return made("", stack)


def _component_above(urn: str, parents: Mapping[str, str], components: set[str]) -> str:
    """URN of the nearest component that something belongs to; empty where it belongs to the stack alone."""
    above = parents.get(urn, "")
    while above and above not in components:
        above = parents.get(above, "")
    return above


def _kind(resource: Mapping[str, Any]) -> str:
    if resource["type"] == STACK:
        return "stack"
    if not resource.get("custom"):
        return "components"
    return "providers" if resource["type"].startswith(_PROVIDERS) else resource["type"].partition(":")[0]
