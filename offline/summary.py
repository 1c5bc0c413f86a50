"""What one run did to a stack, for people and for tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from offline.component_tree import NO_PACKAGES, Step, kinds_in
from offline.providers.names import urn_name, urn_type

_UNCHANGED = frozenset({"same", "read", "refresh"})
_MASK = "[secret]"
_SECRET_KEY = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class Change:
    """One resource the engine acts on.

    Args:
        operation: the engine's word: create, update, replace, delete, ...
        urn: of the resource.
        properties: names of the properties that differ.
        replaces: those of them that force a replacement.
        loses: what goes with a resource that is deleted, where its type does not say it.
    """

    operation: str
    urn: str
    properties: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    loses: str = ""

    @property
    def what(self) -> str:
        """The resource, and which of its properties differ."""
        shown = self.replaces or self.properties
        return f"{urn_type(self.urn)} {urn_name(self.urn)}" + (f" ({', '.join(shown)})" if shown else "")

    def __str__(self) -> str:
        lost = f": {self.loses}" if self.loses else ""
        return f"{self.operation} {self.what}{lost}"


@dataclass(frozen=True)
class Summary:
    """The result of a run.

    Args:
        stack: its name.
        changes: number of resources by operation, `same` included.
        changed: the resources that are not left as they are, in the engine's order.
        resources: number of resources the stack holds by package (aws, eks, kubernetes, ...), components not counted.
        outputs: the stack's outputs, secrets masked.
        steps: what was done with each resource, with those that stay as they are; as many as `changes` counts.
        kinds: number of resources the stack holds by package, of components, of providers, and the stack itself.
    """

    stack: str
    changes: Mapping[str, int]
    changed: tuple[Change, ...] = ()
    resources: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        """Whether anything is made, changed or removed."""
        return any(count for operation, count in self.changes.items() if operation not in _UNCHANGED)


def resource_counts(deployment: Mapping[str, Any]) -> dict[str, int]:
    """Number of custom resources by package in an exported deployment, providers and the stack itself left out."""
    return {kind: count for kind, count in kinds_in(deployment).items() if kind not in NO_PACKAGES}


def masked(value: Any) -> Any:
    """The value with every secret, encrypted or not, replaced by a mask."""
    if isinstance(value, dict):
        if _SECRET_KEY in value and ("ciphertext" in value or "plaintext" in value or "value" in value):
            return _MASK
        return {key: masked(item) for key, item in value.items()}
    return [masked(item) for item in value] if isinstance(value, list) else value


def stack_outputs(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """The stack's outputs in an exported deployment, secrets masked."""
    stacks: Iterable[Mapping[str, Any]] = deployment.get("resources", [])
    for resource in stacks:
        if resource["type"] == "pulumi:pulumi:Stack":
            return masked(resource.get("outputs", {}))
    return {}
