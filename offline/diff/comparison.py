"""Two revisions of the project, stack by stack: what the second would do to what the first has made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from components.rules.changes import FieldChange, changes_between
from components.settings import Settings
from offline.diff.connections import ConnectionChange, connection_changes, connections_of
from offline.diff.danger import Danger, dangers_of, exposures_of
from offline.diff.permissions import PermissionChange, permission_changes
from offline.diff.resource_change import ResourceChange, protected_in, resource_changes
from offline.diff.revision import Revision
from offline.diff.state import BaseState, base_state
from offline.engine import OfflineEngine
from offline.errors import OfflineError
from offline.isolation.report import settings_of
from offline.progress import Say

Outcome = Literal["unaffected", "unchanged", "changed", "refused", "new", "gone"]


@dataclass(frozen=True)
class StackComparison:
    """One stack.

    Args:
        stack: its name.
        outcome: unaffected where no file that decides it differs, refused where the second revision can't be deployed.
        resources: what changes, deletions and replacements first.
        settings: what differs among them, with what the program says of such a change.
        permissions: what roles, and policies of resources, allow more or less.
        connections: what may be opened more or less.
        dangers: what nobody may do by the way.
        refusal: why it can't be deployed; empty where it can.
    """

    stack: str
    outcome: Outcome
    resources: tuple[ResourceChange, ...] = ()
    settings: tuple[FieldChange, ...] = ()
    permissions: tuple[PermissionChange, ...] = ()
    connections: tuple[ConnectionChange, ...] = ()
    dangers: tuple[Danger, ...] = ()
    refusal: str = ""


def compare(base: Revision, head: Revision, place: Path, stacks: Sequence[str], report: Say) -> list[StackComparison]:
    """Every stack of either revision.

    Args:
        base: what is deployed.
        head: what would be.
        place: directory in which states are kept.
        stacks: names of those to look at; all of them without one.
        report: where signs of life go.

    Raises:
        OfflineError: when a stack does not come up at the first revision.
    """
    before, after = (OfflineEngine(each.directory).project.stacks() for each in (base, head))
    chosen = [each for each in sorted({*before, *after}) if each in stacks or not stacks]
    in_both = [each for each in chosen if each in before and each in after]
    states = {each: base_state(base.directory, each, place, report) for each in in_both}
    # What one environment protects holds the same in those that protect nothing.
    precious = frozenset(place for state in states.values() for place in protected_in(state.deployment))
    return [
        _compared(each, states[each], head, precious, report)
        if each in states
        else StackComparison(each, "new" if each in after else "gone")
        for each in chosen
    ]


def _compared(stack: str, state: BaseState, head: Revision, precious: frozenset[str], report: Say) -> StackComparison:
    if state.dependencies.hold_in(head.directory):
        return StackComparison(stack, "unaffected")
    engine = OfflineEngine(head.directory, state.home, report)
    settings = tuple(_settings(state, engine, stack))
    try:
        planned = engine.planned(stack)
        after = {"resources": list(planned.made.values())}
        opened = connections_of(after, report)
    except OfflineError as error:
        return StackComparison(stack, "refused", settings=settings, refusal=str(error))
    resources = resource_changes(state.deployment, planned.summary.changed, planned.made)
    if not resources:
        return StackComparison(stack, "unchanged", settings=settings)
    permissions = permission_changes(state.deployment["resources"], after["resources"])
    connections = tuple(connection_changes(state.connections(report), opened))
    dangers = tuple(dangers_of(stack, resources, precious)) + tuple(exposures_of(stack, permissions, connections))
    return StackComparison(stack, "changed", resources, settings, permissions, connections, dangers)


def _settings(state: BaseState, engine: OfflineEngine, stack: str) -> Iterator[FieldChange]:
    if state.settings is None:
        return
    try:
        settings = settings_of(engine.project, stack)
    except ValueError:
        # The program refuses them, and says why.
        return
    yield from changes_between(Settings, state.settings, settings.model_dump(mode="json"))
