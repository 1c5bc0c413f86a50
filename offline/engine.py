"""The offline engine: the real `pulumi` CLI runs the real program, with emulated providers in this process.

    engine = OfflineEngine(project=Path("."), home=Path("/tmp/state"))
    engine.up("dev").resources            # {"aws": 120, "kubernetes": 60}
    engine.preview("dev").has_changes     # False
    engine.export("dev")                  # the deployment, as `pulumi stack export` writes it

Every method raises `offline.errors.OfflineError` for what a user can act on. One engine serves any number of stacks,
one run at a time.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offline import lock, protection
from offline.aws_command import carry_out
from offline.checks.account.judge import AccountJudge
from offline.checks.judge import Judge
from offline.checks.judges import all_judges, closing
from offline.checks.ledger import Ledger
from offline.cluster import Cluster
from offline.command import CommandLine
from offline.failure import require
from offline.garbage import uncollected
from offline.program import InlineProgram
from offline.progress import Say, silent
from offline.project import Placeholder, Project
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.memory import LeftOver, Memory
from offline.providers.kubernetes.volumes import Volumes
from offline.providers.resource import Resource
from offline.providers.servers import serve
from offline.pulumi_cli import find_pulumi
from offline.pulumi_home import pulumi_home
from offline.run import DESTROY, PREVIEW, REFRESH, REHEARSE, UP, Run, Session, Verb, run
from offline.state import State
from offline.summary import Summary

PASSPHRASE = "offline"
# What holds a stack without a run of ours.
_ENV, _PULUMI = Verb("env"), Verb("pulumi")


class OfflineEngine:
    """Runs a project's stacks offline.

    Args:
        project: the directory of `Pulumi.yaml` and `__main__.py`.
        home: where state is kept; `.offline` in the project unless given.
        report: where signs of life go.
        judges: who says what AWS and Kubernetes would refuse; without any, nothing is rehearsed for them.
        cluster: where Kubernetes really runs; without it, the objects go to an emulated provider.
        changes: settings that are others than in the stack file, by their path (`offline.project.Project`).
        charts: directory that the program's charts come from; a provider that is not emulated can have them only there.
    """

    def __init__(
        self,
        project: Path,
        home: Path | None = None,
        report: Say = silent,
        judges: Callable[[], Sequence[Judge]] = all_judges,
        *,
        cluster: Cluster | None = None,
        changes: Mapping[str, Any] | None = None,
        charts: Path | None = None,
    ) -> None:
        self.project = Project(project.resolve(), changes or {}, charts)
        self.home = (home or self.project.root / ".offline").resolve()
        self._report = report
        self._judges = judges
        self.cluster = cluster

    def up(self, stack: str) -> Summary:
        """Bring the stack up, or up to date, once a rehearsal went well.

        Raises:
            RefusedError: naming every mistake; nothing is made then.
        """
        expects = self.cluster is not None and self.cluster.expects
        rehearsed, expected = self._rehearse(stack) if expects or self._has_judges else (None, ())
        if self.cluster is not None:
            self.cluster.expect(expected, self._inventory(stack))
        return self._run(stack, UP, expected=len(rehearsed.steps) if rehearsed else 0).summary

    def rehearse(self, stack: str) -> tuple[Resource, ...]:
        """Everything that `up` would make, what releases bring included; nothing is made.

        Raises:
            RefusedError: naming every mistake that AWS or Kubernetes would refuse.
        """
        self.project.require(stack)
        return self._rehearse(stack)[1]

    def planned(self, stack: str) -> Run:
        """What `up` would do, with every value that it would end with; nothing is done.

        Raises:
            RefusedError: naming every mistake that AWS or Kubernetes would refuse.
        """
        return self._run(stack, REHEARSE)

    def preview(self, stack: str) -> Summary:
        """What `up` would do; nothing is done.

        Where the program reads what is not known yet, a rehearsal follows, whose values the judges see. Where nothing
        is there yet, the rehearsal is all: either would say that everything is made.

        Raises:
            RefusedError: naming every mistake that AWS or Kubernetes would refuse.
        """
        if self._has_judges and not self._has_resources(stack):
            return self._run(stack, REHEARSE).summary
        shown = self._run(stack, PREVIEW)
        if self._has_judges and not shown.is_judged:
            self._rehearse(stack)
        return shown.summary

    def refresh(self, stack: str) -> Summary:
        """Read every resource back into the state."""
        return self._run(stack, REFRESH).summary

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
        return self._run(stack, DESTROY, buckets_are_filled=buckets_are_filled).summary

    def aws(self, stack: str, words: Sequence[str]) -> str:
        """Carry out a command of the `aws` CLI on the stack's emulated account; see `offline.aws_command`."""
        self.project.require(stack)
        with lock.hold(self.directory(stack), stack, "aws"):
            memory = self._memory(stack)
            said = carry_out(words, memory, self.state(stack).deployment())
            memory.save()
            return said

    def pulumi(self, stack: str, words: Sequence[str]) -> str:
        """Carry out a command of the `pulumi` CLI that changes the stack's state, such as `import`; what it said.

        Raises:
            OfflineError: when it fails.
        """
        with self._session(stack, _PULUMI) as session:
            done = session.command.run(*words)
            require(done)
            return done.output

    def left_over(self, stack: str) -> tuple[LeftOver, ...]:
        """What is in the stack's account and belongs to no stack any more."""
        self.project.require(stack)
        return self._memory(stack).left_over

    def export(self, stack: str) -> dict[str, Any]:
        """The stack's deployment: what `pulumi stack export` has under `deployment`, secrets encrypted."""
        self.project.require(stack)
        return self.state(stack).deployment()

    def ensure_stack(self, stack: str) -> Path:
        """Make sure the stack exists in the state; returns the engine's copy of its stack file."""
        with self._session(stack, _ENV):
            return self.directory(stack) / self.project.stack_directory / f"Pulumi.{stack}.yaml"

    def variables(self) -> dict[str, str]:
        """What the CLI needs in its environment to work on the offline state; no provider is announced."""
        return {
            "PULUMI_BACKEND_URL": f"file://{self.home}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(pulumi_home(self.home)),
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

    def _has_resources(self, stack: str) -> bool:
        self.project.require(stack)
        return bool(self.state(stack).deployment().get("resources"))

    @property
    def _has_judges(self) -> bool:
        return bool(self._judges())

    def _memory(self, stack: str) -> Memory:
        return Memory(self.directory(stack) / "account.json")

    def _inventory(self, stack: str, *, buckets_are_filled: bool = False) -> Inventory:
        # Where a cluster runs, it knows its volumes itself.
        volumes = Volumes() if self.cluster is not None else None
        return Inventory.of(
            self.state(stack).deployment(),
            buckets_are_filled=buckets_are_filled,
            memory=self._memory(stack),
            volumes=volumes,
        )

    def _rehearse(self, stack: str) -> tuple[Summary, tuple[Resource, ...]]:
        """A preview that the providers answer as the update: the program builds all it will, and the judges see it.

        Returns what it would do, and what they saw.
        """
        with self._session(stack, REHEARSE) as session:
            return run(session, REHEARSE, self._report).summary, session.ledger.resources

    def _run(self, stack: str, verb: Verb, *, buckets_are_filled: bool = False, expected: int = 0) -> Run:
        with self._session(stack, verb, buckets_are_filled=buckets_are_filled) as session:
            return run(session, verb, self._report, expected)

    @contextmanager
    def _session(self, stack: str, verb: Verb, *, buckets_are_filled: bool = False) -> Iterator[Session]:
        """The stack, held against other runs, with providers served and the state ready to go on."""
        self.project.require(stack)
        directory, state = self.directory(stack), self.state(stack)
        program = InlineProgram(self.project.root, self.project.code)
        inventory = self._inventory(stack, buckets_are_filled=buckets_are_filled)
        judges = (*self._judges(), AccountJudge(inventory))
        ledger = Ledger(judges, refuses_at_once=not verb.previews)
        with (
            uncollected(),
            lock.hold(directory, stack, verb.word),
            closing(judges),
            serve(program, [ledger.check], inventory, verb.rehearses, self.cluster) as announced,
        ):
            placeholders = self.project.copy_to(directory, stack)
            # The flag for the event log is the Automation API's, and hidden without this. A run lasts seconds, in which
            # Go's collector takes a sixth of the CLI's time for memory that there is.
            own = {"PULUMI_DEBUG_COMMANDS": "true", "GOGC": os.environ.get("GOGC", "400")}
            environment = self.variables() | announced | own
            command = CommandLine(find_pulumi(self._report) / "bin", directory, environment)
            lock.clear_stale_engine_locks(state.locks, stack)
            state.settle()
            if not state.exists:
                require(command.run("stack", "init", stack, "--no-select"))
            _set(command, stack, placeholders)
            try:
                # Judges see no object that a real provider takes: the rehearsal is where they see everything.
                is_judged = self.cluster is None or verb.rehearses
                yield Session(stack, ledger, state, program, command, is_judged)
            finally:
                # A rehearsal makes nothing, whatever the providers answer.
                if not verb.previews:
                    inventory.settle(state.deployment())
                    if self.cluster is not None:
                        self.cluster.settle(inventory)


def _set(command: CommandLine, stack: str, placeholders: list[Placeholder]) -> None:
    if placeholders:
        values = [argument for each in placeholders for argument in ("--secret", f"{each.path}={each.text}")]
        require(command.run("config", "set-all", "--stack", stack, "--path", *values))
