"""What the stack's own state says that it has made, by the command that exports it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from doctor.machine import Machine

_NO_STACK = "no stack named"


class StateError(Exception):
    """State that can't be read; the message says why."""


@dataclass(frozen=True)
class State:
    """The resources of a stack.

    Args:
        exists: whether there is such a stack in the backend.
        names: type token and physical name of each resource.
    """

    exists: bool
    names: frozenset[tuple[str, str]]

    def has(self, type_token: str, name: str) -> bool:
        """Whether the stack made something."""
        return (type_token, name) in self.names

    def count(self, type_token: str) -> int:
        """How many resources of a type the stack has."""
        return len({name for kind, name in self.names if kind == type_token})

    @classmethod
    def of(cls, deployment: Mapping[str, Any]) -> "State":
        """The state in an exported deployment."""
        return cls(True, frozenset(_names(deployment.get("resources") or ())))


def read_state(machine: Machine, stack: str) -> State:
    """Ask Pulumi.

    Args:
        machine: has the CLI.
        stack: name of the stack.

    Raises:
        StateError: when there is nobody logged in, or the backend can't be reached.
    """
    said = machine.run(["pulumi", "stack", "export", "--stack", stack, "--non-interactive"])
    if said.code == 0:
        try:
            return State.of(json.loads(said.output).get("deployment") or {})
        except (ValueError, AttributeError) as error:
            raise StateError(f"pulumi stack export printed no deployment ({error})") from error
    if _NO_STACK in said.errors:
        return State(False, frozenset())
    lines = [line.strip() for line in said.errors.splitlines() if line.strip()]
    raise StateError(lines[-1].removeprefix("error: ") if lines else f"exit code {said.code}")


def _names(resources: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for each in resources:
        # Most ids are the name; those that are not, such as an account's and the database's, stand beside it.
        if identifier := each.get("id"):
            yield each["type"], identifier
