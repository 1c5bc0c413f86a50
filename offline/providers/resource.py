"""One resource in one call of the provider protocol, and what a provider can say of it.

Leaves out the protocol itself, which `offline.providers.base` holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from offline.providers.names import urn_name, urn_type
from offline.providers.values import Properties, plain


class RefusalError(Exception):
    """The emulated cloud says no; the text says what, why and how to fix it."""


@dataclass(frozen=True)
class Failure:
    """One property that `check` refuses, and the reason."""

    property: str
    reason: str


@dataclass(frozen=True)
class Difference:
    """What changed between two sets of inputs, and which of it forces a replacement."""

    changed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    delete_first: bool = False


@dataclass(frozen=True)
class Resource:
    """One resource in one call: inputs as the program gave them, and the state it had before, if any.

    `settings` is the configuration of the provider instance that owns it; `replaced` and `replaced_inputs` are
    identifier and inputs of the resource that a creation in the same run replaces, else empty. `waits_for` holds the
    URNs of everything that stands before it is made, directly or not; no call says that, so it is empty but where the
    judges look at a whole stack. `part_of` is the URN of the Helm release whose chart brings an object; no call says
    that either, and it is empty for everything that the program makes itself.
    """

    urn: str
    inputs: Properties
    settings: Mapping[str, Any] = field(default_factory=dict)
    identifier: str = ""
    old_inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    preview: bool = False
    replaced: str = ""
    replaced_inputs: Properties = field(default_factory=dict)
    waits_for: frozenset[str] = frozenset()
    part_of: str = ""

    @property
    def type(self) -> str:
        """The type token, for example `aws:ec2/vpc:Vpc`."""
        return urn_type(self.urn)

    @cached_property
    def plain_inputs(self) -> Properties:
        """The inputs without their marks, for those who read: every judge looks at them, and nobody changes them."""
        return plain(self.inputs)

    @property
    def name(self) -> str:
        """The logical name."""
        return urn_name(self.urn)


# What is asked about a resource's inputs, names and defaults filled in, before it is made or changed.
Check = Callable[[Resource], list[Failure]]


def changed_properties(old: Properties, new: Properties) -> tuple[str, ...]:
    """Names of the properties whose plain values differ; names starting with `__` are bookkeeping."""
    keys = {key for key in old.keys() | new.keys() if not key.startswith("__")}
    return tuple(sorted(key for key in keys if plain(old.get(key)) != plain(new.get(key))))
