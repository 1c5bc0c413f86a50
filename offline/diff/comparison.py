"""Two revisions of the project, stack by stack: what the second would do to what the first has made."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from components.rules.changes import FieldChange, changes_between
from components.settings import Settings
from offline.diff.causes import Made, causes_of
from offline.diff.connections import connection_changes, connections_of
from offline.diff.danger import dangers_of, doors_of, exposures_of
from offline.diff.figure import Figure
from offline.diff.figures import figures_between
from offline.diff.permissions import permission_changes
from offline.diff.resource_change import protected_in, resource_changes
from offline.diff.revision import Revision
from offline.diff.side_by_side import side_by_side
from offline.diff.stack_comparison import StackComparison
from offline.diff.state import BaseState, base_state, kept_state
from offline.engine import OfflineEngine
from offline.errors import OfflineError, RevisionError
from offline.isolation.report import settings_of
from offline.progress import Say
from offline.project import Project
from offline.reachability.deployment import made_in


def compare(
    base: Revision, head: Revision, place: Path, stacks: Sequence[str], report: Say, *, processes: int = 1
) -> list[StackComparison]:
    """Every stack of either revision.

    Args:
        base: what is deployed.
        head: what would be.
        place: directory in which states are kept.
        stacks: names of those to look at; all of them without one.
        report: where signs of life go.
        processes: how many stacks are looked at side by side; more than one only where gRPC was not used before.

    Raises:
        RevisionError: when a stack does not come up at the first revision.
    """
    before, after = (Project(each.directory).stacks() for each in (base, head))
    chosen = [each for each in sorted({*before, *after}) if each in stacks or not stacks]
    in_both = [each for each in chosen if each in before and each in after]
    states = _states(base, in_both, place, report, processes)
    # What one environment protects holds the same in those that protect nothing.
    precious = frozenset(place for state in states.values() for place in protected_in(state.deployment))

    def look_at(stack: str) -> StackComparison:
        state = states.get(stack)
        return _new(stack, head, report) if state is None else _compared(stack, state, head, precious, report)

    asked = [each for each in chosen if each in after]
    found = dict(zip(asked, side_by_side(look_at, asked, processes), strict=True))
    return [found.get(each) or StackComparison(each, "gone") for each in chosen]


def _states(base: Revision, stacks: Sequence[str], place: Path, report: Say, processes: int) -> dict[str, BaseState]:
    """States of the first revision; those that are not kept are made first."""

    def bring_up(stack: str) -> str:
        try:
            base_state(base.directory, stack, place, report)
        except OfflineError as error:
            return f"{base.name} does not come up as {stack}: {error}"
        return ""

    missing = [each for each in stacks if kept_state(base.directory, each, place) is None]
    if failed := [each for each in side_by_side(bring_up, missing, processes) if each]:
        raise RevisionError("\n".join(failed))
    return {each: base_state(base.directory, each, place, report) for each in stacks}


def _new(stack: str, head: Revision, report: Say) -> StackComparison:
    """A stack that is not there yet: whether it would come up, and what it would be."""
    with tempfile.TemporaryDirectory() as home:
        try:
            planned = OfflineEngine(head.directory, Path(home), report).planned(stack)
        except OfflineError as error:
            return StackComparison(stack, "refused", refusal=str(error))
    resources = resource_changes({"resources": []}, planned.summary.changed, planned.made)
    permissions = permission_changes([], list(planned.made.values()))
    return StackComparison(stack, "new", resources, dangers=tuple(exposures_of(stack, permissions, ())))


def _compared(stack: str, state: BaseState, head: Revision, precious: frozenset[str], report: Say) -> StackComparison:
    if state.dependencies.hold_in(head.directory):
        return StackComparison(stack, "unaffected")
    engine = OfflineEngine(head.directory, state.home, report)
    settings: tuple[FieldChange, ...] = ()
    wanted = None
    if state.settings is not None:
        wanted = _settings_of(engine.project, stack)
        settings = tuple(_settings_changes(state.settings, wanted))
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
    return StackComparison(
        stack,
        "changed",
        resources,
        settings,
        _causes(state, engine.project, stack, settings, planned.made),
        permissions,
        connections,
        tuple(_figures(state, wanted, after)),
        (
            *dangers_of(stack, resources, precious),
            *doors_of(stack, resources),
            *exposures_of(stack, permissions, connections),
        ),
    )


def _settings_of(project: Project, stack: str) -> Settings | None:
    """Settings of a stack; none where they are refused, which the program says."""
    try:
        return settings_of(project, stack)
    except ValueError:
        return None


def _settings_changes(before: Mapping[str, Any], wanted: Settings | None) -> Iterable[FieldChange]:
    return () if wanted is None else changes_between(Settings, before, wanted.model_dump(mode="json"))


def _figures(state: BaseState, wanted: Settings | None, after: Mapping[str, Any]) -> Iterator[Figure]:
    if state.settings is None or wanted is None:
        return
    try:
        before = Settings.model_validate_json(json.dumps(state.settings))
    except ValidationError:
        # Settings of another form than this program's: what they come to, only their own program says.
        return
    yield from figures_between((before, made_in(state.deployment)), (wanted, made_in(after)))


def _causes(
    state: BaseState, head: Project, stack: str, settings: Sequence[FieldChange], made: Made
) -> dict[str, tuple[str, ...]]:
    def ask(changes: Mapping[str, Any]) -> Made:
        return OfflineEngine(head.root, state.home, judges=tuple, changes=changes).planned(stack).made

    own = f"{head.stack_directory}/Pulumi.{stack}.yaml"
    program_differs = any(each != own for each in state.dependencies.differing(head.root))
    return causes_of(settings, state.settings or {}, made, program_differs=program_differs, ask=ask)
