"""One run of the CLI on one stack: what it is asked, what it did, and what the judges say of it."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline.checks.graph import Graph
from offline.checks.ledger import Ledger
from offline.command import CommandLine
from offline.component_tree import kinds_in
from offline.failure import explained
from offline.observer import Observer
from offline.program import InlineProgram
from offline.progress import Say, step
from offline.state import State
from offline.summary import Summary, resource_counts, stack_outputs

_AT_ONCE = ("--yes", "--skip-preview", "--suppress-outputs")


@dataclass(frozen=True)
class Verb:
    """What the CLI is asked to do.

    Args:
        word: for people.
        command: the CLI's own; empty where none is run.
        flags: of the command.
        rehearses: whether the providers answer a preview as they will answer the update.
    """

    word: str
    command: str = ""
    flags: tuple[str, ...] = _AT_ONCE
    rehearses: bool = False

    @property
    def previews(self) -> bool:
        """Whether nothing is made."""
        return self.command == "preview"


PREVIEW = Verb("preview", "preview", ("--suppress-outputs",))
REHEARSE = Verb("rehearse", "preview", ("--suppress-outputs",), rehearses=True)
UP = Verb("up", "up")
REFRESH = Verb("refresh", "refresh")
DESTROY = Verb("destroy", "destroy")
_JUDGED = (PREVIEW, REHEARSE, UP)


@dataclass(frozen=True)
class Session:
    """One stack that is held for a run: its state, its program, the CLI, what the judges say, and if they see all."""

    stack: str
    ledger: Ledger
    state: State
    program: InlineProgram
    command: CommandLine
    is_judged: bool = True


@dataclass(frozen=True)
class Run:
    """What a run did, whether the judges saw every value that it ends with, and each resource by its URN after it."""

    summary: Summary
    is_judged: bool
    made: Mapping[str, Mapping[str, Any]]


def run(session: Session, verb: Verb, report: Say, expected: int = 0) -> Run:
    """Run the CLI to its end.

    A preview that leaves values unknown is not judged: the rehearsal that follows it knows them.

    Args:
        session: the stack.
        verb: what the CLI is asked to do.
        report: where signs of life go.
        expected: how many resources the run will come to; what the state holds unless given.

    Raises:
        OfflineError: for what the program, the engine or the providers refuse.
        RefusedError: naming every mistake.
    """
    with tempfile.TemporaryDirectory() as scratch:
        log, plan = Path(scratch) / "events", Path(scratch) / "plan"
        arguments = [verb.command, "--stack", session.stack, "--event-log", str(log), *verb.flags]
        # Only a plan says before anything is made what waits for what.
        planning = ["--save-plan", str(plan)] if verb.previews else []
        observer = Observer(log, expected or sum(kinds_in(session.state.deployment()).values()))
        with (
            step(f"{verb.word} {session.stack}", report, observer.how_far, quiet_if_short=True),
            session.command.ending_in_order(report),
        ):
            result = session.command.run(*arguments, *planning)
        observer.read()
        if result.code != 0:
            raise explained(session.command, session.program, observer, result)
        deployment = session.state.deployment()
        is_judged = session.is_judged and verb in _JUDGED and (verb != PREVIEW or not session.ledger.leaves_something)
        if is_judged:
            graph = Graph.of_plan(json.loads(plan.read_text())) if verb.previews else Graph.of_deployment(deployment)
            session.ledger.refuse(session.stack, observer.identifiers, graph)
    return Run(_summary(session.stack, observer, deployment), is_judged, observer.made)


def _summary(stack: str, observer: Observer, deployment: Mapping[str, Any]) -> Summary:
    return Summary(
        stack=stack,
        changes=observer.counts,
        changed=observer.changed,
        resources=resource_counts(deployment),
        outputs=stack_outputs(deployment),
        steps=observer.steps,
        kinds=kinds_in(deployment),
    )
