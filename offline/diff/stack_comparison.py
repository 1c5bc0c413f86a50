"""What a change would do to one stack: all that a report tells of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from components.rules.changes import FieldChange
from offline.diff.connections import ConnectionChange
from offline.diff.danger import Danger
from offline.diff.figure import Figure
from offline.diff.permissions import PermissionChange
from offline.diff.resource_change import ResourceChange

Outcome = Literal["unaffected", "unchanged", "changed", "refused", "new", "gone"]


@dataclass(frozen=True)
class StackComparison:
    """One stack.

    Args:
        stack: its name.
        outcome: unaffected where no file that decides it differs, refused where the second revision can't be deployed.
        resources: what changes, deletions and replacements first; of a new stack all of it.
        settings: what differs among them, with what the program says of such a change.
        causes: URN of a resource to the settings that it changes for.
        permissions: what roles, and policies of resources, allow more or less.
        connections: what may be opened more or less.
        figures: numbers that the environment comes to, where they differ.
        dangers: what nobody may do by the way.
        refusal: why it can't be deployed; empty where it can.
        api_server: what a real API server says, in lines; none where it was not asked.
    """

    stack: str
    outcome: Outcome
    resources: tuple[ResourceChange, ...] = ()
    settings: tuple[FieldChange, ...] = ()
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    permissions: tuple[PermissionChange, ...] = ()
    connections: tuple[ConnectionChange, ...] = ()
    figures: tuple[Figure, ...] = ()
    dangers: tuple[Danger, ...] = ()
    refusal: str = ""
    api_server: tuple[str, ...] = ()
