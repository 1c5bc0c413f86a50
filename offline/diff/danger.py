"""What a change may do only where somebody said so.

It deletes or replaces what holds data, takes protection away, allows a whole service or everybody, or lets somebody in
from outside.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from offline.diff.connections import ConnectionChange
from offline.diff.fields import ABSENT
from offline.diff.permissions import PermissionChange
from offline.diff.resource_change import ResourceChange
from offline.losses import loss_of

_PUBLIC_ACCESS = "vpcConfig.publicAccessCidrs"
_ACCEPT = re.compile(r"^\s*(?:[-*]\s+)?Accept:\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Danger:
    """One danger.

    Args:
        stack: name of the stack.
        operation: delete, replace, unprotect, allow or open.
        place: type and logical name of the resource, with what is allowed; or who connects to whom.
        reason: a clause that says what is at stake.
    """

    stack: str
    operation: str
    place: str
    reason: str

    @property
    def line(self) -> str:
        """The line by which somebody says that it is meant."""
        return f"Accept: {self}"

    def __str__(self) -> str:
        return f"{self.stack} {self.operation} {self.place}"


def dangers_of(stack: str, resources: Iterable[ResourceChange], precious: frozenset[str]) -> Iterator[Danger]:
    """What is dangerous among a stack's changes.

    Args:
        stack: its name.
        resources: what changes.
        precious: places of what any environment protects.
    """
    unprotected: dict[str, list[str]] = {}
    for each in resources:
        operation = each.change.operation
        lost = loss_of(each.change)
        if operation in ("delete", "replace") and (lost or each.place in precious):
            yield Danger(stack, operation, each.place, lost or "environments protect it")
        elif each.was_protected and not each.is_protected:
            unprotected.setdefault(each.parent, []).append(each.place)
    for parent, places in unprotected.items():
        # A component's parts are protected together, so they are accepted together.
        what = f", {len(places)} resources of it" if len(places) > 1 else ""
        place = parent if len(places) > 1 else places[0]
        yield Danger(stack, "unprotect", place, f"the next change may delete it by the way{what}")


def doors_of(stack: str, resources: Iterable[ResourceChange]) -> Iterator[Danger]:
    """Networks of the internet that the API server lets in and did not before.

    Args:
        stack: its name.
        resources: what changes.
    """
    for each in resources:
        before, after = (list(_networks(each, side)) for side in ("old", "new"))
        for one in after:
            if not any(one.subnet_of(other) for other in before):
                yield Danger(stack, "open", f"{each.place} to {one}", "whoever is there reaches the API server")


def _networks(change: ResourceChange, side: Literal["old", "new"]) -> Iterator[IPv4Network]:
    """Those that one side of a change names, where the other side does not name the same."""
    for each in change.fields:
        if each.path.partition("[")[0] == _PUBLIC_ACCESS and (value := getattr(each, side)) != ABSENT:
            yield from map(IPv4Network, value if isinstance(value, list) else [value])


def exposures_of(
    stack: str, permissions: Iterable[PermissionChange], connections: Iterable[ConnectionChange]
) -> Iterator[Danger]:
    """What is dangerous among permissions and connections.

    Args:
        stack: its name.
        permissions: that come and go.
        connections: the same.
    """
    for permission in permissions:
        if permission.is_wide:
            reason = "policies name the actions that a program calls, and who calls them"
            yield Danger(stack, "allow", f"{permission.holder} {permission.text}", reason)
    for connection in connections:
        if connection.is_wide:
            place = f"{connection.source} to {connection.target}"
            yield Danger(stack, "open", place, f"{connection.after}, by {', '.join(connection.rules)}")


def unacknowledged(dangers: Iterable[Danger], text: str) -> list[Danger]:
    """Dangers that no line of a text accepts.

    Args:
        dangers: all of them.
        text: of a pull request or a file, with a line `Accept: <stack> <operation> <type> <name>` for each.
    """
    accepted = {_spaced(each) for each in _ACCEPT.findall(text)}
    return [each for each in dangers if _spaced(str(each)) not in accepted]


def _spaced(text: str) -> str:
    return " ".join(text.split())
