"""What a translation is told, and what comes out of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Path = tuple[str | int, ...]

_STEP = re.compile(r"[^.\[\]]+|\[\d*\]")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Where one side names things differently.

    Args:
        renamed: dotted path of Pulumi's names -> path from where its parent goes. `A.B` goes a level down, `A[].B`
            puts each item of a list into an object of its own, `A[0].B` into the first; an empty path lifts the
            block's own properties into its parent.
        ignored: dotted paths that one side says by the shape of its other values.
        inside: property that holds what is not found at the top.
        implied: for a Pulumi property that is given, paths and values that go along with it.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    inside: str = ""
    implied: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Translation:
    """Inputs in the names of a schema, where each value came from, and which inputs have no name there."""

    properties: dict[str, Any]
    places: Mapping[Path, str]
    unmapped: tuple[str, ...]

    def place(self, path: Path) -> str:
        """The path in the inputs of what stands at a path of the translation."""
        if path in self.places:
            return self.places[path]
        below = next((place for known, place in self.places.items() if known[: len(path)] == path and path), None)
        if below is not None:
            return below
        above = next((path[:end] for end in range(len(path) - 1, 0, -1) if path[:end] in self.places), ())
        start = self.places.get(above, "")
        return ".".join([part for part in (start,) if part] + [str(step) for step in path[len(above) :]])


@cache
def steps(path: str) -> tuple[str, ...]:
    """`A[].B` -> `("A", "[]", "B")`."""
    return tuple(_STEP.findall(path))


def dotted(place: str) -> str:
    """The place without indices, as rows write it."""
    return ".".join(part for part in place.split(".") if not part.isdigit())


def joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)
