"""A stack whose account is healthy, for tests that break one thing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from components.settings import STACKS, Settings
from doctor.checks import CHECKS
from doctor.plan import Plan, plan_of
from doctor.run import Outcome, run
from doctor.surroundings import Surroundings
from tests.doctor import healthy
from tests.doctor.clients import Answer, Clients
from tests.doctor.machines import ScriptedMachine
from tests.stack_files import ENVIRONMENTS, TODAY, Tree, stack_file

ACCEPTED = "moka:example-values: accepted"


@dataclass
class Patient:
    """A stack, its account and a machine, all of which a test may break before they are looked at.

    Args:
        stack: name of the stack.
        directory: its stack files, with the examples accepted.
        clients: AWS.
        plans: stack to its plan, made once.
        replans: whether the plan is of the changed settings, which takes seconds.
        root: the project's directory.
        machine: the machine.
        held: quota code to value.
        said: call to another answer than a healthy account's.
    """

    stack: str
    directory: Path
    clients: Clients
    plans: dict[str, Plan]
    replans: bool = False
    root: Path = STACKS.parent
    machine: ScriptedMachine = field(default_factory=ScriptedMachine)
    held: dict[str, float] = field(default_factory=dict)
    said: dict[str, Answer] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return stack_file(self.stack, self.directory)

    @property
    def settings(self) -> Settings:
        return self.surroundings().settings

    @property
    def plan(self) -> Plan:
        """What the program makes of the stack's own file, unless it is to be that of the changed one."""
        if self.replans:
            return plan_of(STACKS.parent, self.stack, yaml.safe_load(self.file.read_text())["config"])
        if self.stack not in self.plans:
            configuration = yaml.safe_load(stack_file(self.stack).read_text())["config"]
            accepted = {**configuration, "moka:example-values": "accepted"}
            self.plans[self.stack] = plan_of(STACKS.parent, self.stack, accepted)
        return self.plans[self.stack]

    def change(self, change: Callable[[Tree], object]) -> None:
        """Change the settings in the stack's file."""
        content = yaml.safe_load(self.file.read_text())
        change(content["config"]["moka:settings"])
        self.file.write_text(yaml.safe_dump(content))

    def surroundings(self, plan: Plan | None = None) -> Surroundings:
        """What checks look at; with a plan the program does not run."""
        found = Surroundings(
            self.root,
            self.stack,
            machine=self.machine,
            client_of=self.clients.client,
            today=TODAY,
            directory=self.directory,
        )
        if plan is not None:
            found.plan = plan
        return found

    def look(self, name: str | None = None) -> dict[str, Outcome]:
        """Make all checks, or one and those that it needs, and give how each went by its name."""
        plan = self.plan
        here = self.surroundings(plan)
        self.clients.calls.clear()
        self.clients.answers = {**self._healthy(here, plan), **self.said}
        wanted = [each for each in CHECKS if name is None or each.name in _needed(name)]
        return {each.check.name: each for each in run(wanted, here)}

    def outcome(self, name: str) -> Outcome:
        """How one check went."""
        return self.look(name)[name]

    def _healthy(self, here: Surroundings, plan: Plan) -> Mapping[str, Answer]:
        try:
            return healthy.answers(here.settings, plan, self.held)
        except (ValueError, yaml.YAMLError):
            # Nobody asks AWS about settings that can't be read.
            return {}


def _needed(name: str) -> set[str]:
    check = next(each for each in CHECKS if each.name == name)
    return {name}.union(*(_needed(each) for each in check.needs))


def accepting_examples(directory: Path) -> None:
    """Lay copies of the stack files into a directory, which take values of examples as the emulated cloud does."""
    for stack in ENVIRONMENTS:
        text = stack_file(stack).read_text()
        stack_file(stack, directory).write_text(text.replace("config:\n", f"config:\n  {ACCEPTED}\n", 1))
