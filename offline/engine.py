"""The offline engine: the real `pulumi` CLI runs the real program, with emulated providers in this process.

    engine = OfflineEngine(project=Path("."), home=Path("/tmp/state"))
    engine.up("dev").resources            # {"aws": 120, "kubernetes": 60}
    engine.preview("dev").has_changes     # False
    engine.export("dev")                  # the deployment, as `pulumi stack export` writes it

Every method raises `offline.errors.OfflineError` for what a user can act on. One engine serves any number of stacks,
one run at a time.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offline import lock, protection
from offline.checks.graph import Graph
from offline.checks.judge import Judge
from offline.checks.judges import all_judges, closing
from offline.checks.ledger import Ledger
from offline.command import CommandLine
from offline.failure import explained, require
from offline.observer import Observer
from offline.program import InlineProgram
from offline.progress import Say, silent, step
from offline.project import Placeholder, Project
from offline.providers.aws.inventory import Inventory
from offline.providers.servers import serve
from offline.pulumi_cli import find_pulumi
from offline.state import State
from offline.summary import Summary, resource_counts, stack_outputs

PASSPHRASE = "offline"


@dataclass(frozen=True)
class _Session:
    """One run on one stack: its state, its program, the CLI, and what the judges say."""

    ledger: Ledger
    state: State
    program: InlineProgram
    command: CommandLine


class OfflineEngine:
    """Runs a project's stacks offline.

    Args:
        project: the directory of `Pulumi.yaml` and `__main__.py`.
        home: where state is kept; `.offline` in the project unless given.
        report: where signs of life go.
        judges: who says what AWS and Kubernetes would refuse.
    """

    def __init__(
        self,
        project: Path,
        home: Path | None = None,
        report: Say = silent,
        judges: Callable[[], Sequence[Judge]] = all_judges,
    ) -> None:
        self.project = Project(project.resolve())
        self.home = (home or self.project.root / ".offline").resolve()
        self._report = report
        self._judges = judges

    def up(self, stack: str) -> Summary:
        """Bring the stack up, or up to date.

        Raises:
            RefusedError: naming every mistake that a preview shows, and nothing is made then; or every one that
                shows only once ids are known.
        """
        self.preview(stack)
        return self._run(stack, "up", "--yes", "--skip-preview", "--suppress-outputs")

    def preview(self, stack: str) -> Summary:
        """What `up` would do; nothing is done.

        Raises:
            RefusedError: naming every mistake that AWS or Kubernetes would refuse.
        """
        return self._run(stack, "preview", "--suppress-outputs")

    def refresh(self, stack: str) -> Summary:
        """Read every resource back into the state."""
        return self._run(stack, "refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def destroy(self, stack: str, *, buckets_are_filled: bool = False) -> Summary:
        """Delete every resource of the stack.

        Args:
            stack: its name.
            buckets_are_filled: judge as if every bucket held objects, as after a day's work.

        Raises:
            ProtectedError: when resources are protected; nothing is deleted then.
        """
        self.project.require(stack)
        protection.refuse_protected(stack, self.state(stack).deployment())
        flags = ("--yes", "--skip-preview", "--suppress-outputs")
        return self._run(stack, "destroy", *flags, buckets_are_filled=buckets_are_filled)

    def unprotect(self, stack: str) -> list[str]:
        """Lift the protection of every resource in the stack's state; returns their URNs.

        Raises:
            ProtectedError: for a stack that is never destroyed by a tool.
        """
        protection.refuse_lifting(stack)
        with self._session(stack, "unprotect") as session:
            deployment = session.state.deployment()
            urns = protection.lift(deployment)
            if urns:
                session.state.replace(deployment)
            return urns

    def export(self, stack: str) -> dict[str, Any]:
        """The stack's deployment: what `pulumi stack export` has under `deployment`, secrets encrypted."""
        self.project.require(stack)
        return self.state(stack).deployment()

    def ensure_stack(self, stack: str) -> Path:
        """Make sure the stack exists in the state; returns the engine's copy of its stack file."""
        with self._session(stack, "env"):
            return self.directory(stack) / self.project.stack_directory / f"Pulumi.{stack}.yaml"

    def variables(self) -> dict[str, str]:
        """What the CLI needs in its environment to work on the offline state; no provider is announced."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.home}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.home / ".home"),
            # A checkpoint a step costs more than the step; the state is saved when a run ends, Ctrl-C included.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }

    def directory(self, stack: str) -> Path:
        """Where the stack's copy of the project, and whatever else belongs to it, is kept."""
        return self.home / stack

    def state(self, stack: str) -> State:
        """The stack's state."""
        return State(self.home, self.project.name, stack)

    def _run(self, stack: str, verb: str, *flags: str, buckets_are_filled: bool = False) -> Summary:
        running = self._session(stack, verb, buckets_are_filled=buckets_are_filled)
        with running as session, tempfile.TemporaryDirectory() as scratch:
            log, plan = Path(scratch) / "events", Path(scratch) / "plan"
            # Only a plan says before anything is made what waits for what.
            planning = ("--save-plan", str(plan)) if verb == "preview" else ()
            observer = Observer(log)
            with (
                step(f"{verb} {stack}", self._report, observer.how_far, quiet_if_short=True),
                session.command.ending_in_order(self._report),
            ):
                result = session.command.run(verb, "--stack", stack, "--event-log", str(log), *flags, *planning)
            observer.read()
            if result.code != 0:
                raise explained(session.command, session.program, observer, result)
            deployment = session.state.deployment()
            if verb in ("preview", "up"):
                graph = Graph.of_plan(json.loads(plan.read_text())) if planning else Graph.of_deployment(deployment)
                session.ledger.refuse(stack, deployment, graph)
        return Summary(
            stack=stack,
            changes=observer.counts,
            changed=observer.changed,
            resources=resource_counts(deployment),
            outputs=stack_outputs(deployment),
        )

    @contextmanager
    def _session(self, stack: str, verb: str, *, buckets_are_filled: bool = False) -> Iterator[_Session]:
        """The stack, held against other runs, with providers served and the state ready to go on."""
        self.project.require(stack)
        directory, state = self.directory(stack), self.state(stack)
        program = InlineProgram(self.project.root)
        judges = self._judges()
        ledger = Ledger(judges, refuses_at_once=verb != "preview")
        inventory = Inventory.of(state.deployment(), buckets_are_filled=buckets_are_filled)
        with (
            lock.hold(directory, stack, verb),
            closing(judges),
            serve(program, [ledger.check], inventory) as announced,
        ):
            placeholders = self.project.copy_to(directory, stack)
            # The flag for the event log is the Automation API's, and hidden without this.
            environment = self.variables() | announced | {"PULUMI_DEBUG_COMMANDS": "true"}
            command = CommandLine(find_pulumi(self._report) / "bin", directory, environment)
            lock.clear_stale_engine_locks(state.locks, stack)
            state.settle()
            if not state.exists:
                require(command.run("stack", "init", stack, "--no-select"))
            _set(command, stack, placeholders)
            yield _Session(ledger, state, program, command)


def _set(command: CommandLine, stack: str, placeholders: list[Placeholder]) -> None:
    if placeholders:
        values = [argument for each in placeholders for argument in ("--secret", f"{each.path}={each.text}")]
        require(command.run("config", "set-all", "--stack", stack, "--path", *values))
