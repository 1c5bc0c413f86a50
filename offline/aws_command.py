"""The few commands of the `aws` CLI that README asks for between a destroy and the next `up`, on the emulated account.

`python -m offline aws dev logs delete-log-group --log-group-name NAME` does offline what the same words after `aws` do
on a real account.
"""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from offline.errors import OfflineError
from offline.providers.aws.memory import LOG_GROUP, Memory

# Service and operation -> the type that it deletes, and the option that names which.
_DELETIONS = {("logs", "delete-log-group"): (LOG_GROUP, "--log-group-name")}


class AwsCommandError(OfflineError):
    """The emulated account answers a command with an error."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise AwsCommandError(f"aws: {message}")


def carry_out(words: Sequence[str], memory: Memory, deployment: Mapping[str, Any]) -> str:
    """Carry out a command; returns what became of it.

    Args:
        words: what follows `aws`.
        memory: the account's, which is changed and not saved.
        deployment: of the stack, whose own resources no command deletes.

    Raises:
        AwsCommandError: for a command that is not among the known, and where AWS would refuse.
    """
    if tuple(words[:2]) not in _DELETIONS:
        known = ", ".join(" ".join(each) for each in _DELETIONS)
        raise AwsCommandError(
            f"aws {' '.join(words[:2])}: the emulated account knows no such command; it knows: {known}"
        )
    kind, option = _DELETIONS[(words[0], words[1])]
    parser = _Parser(add_help=False)
    parser.add_argument(option, dest="identifier", required=True)
    identifier = str(parser.parse_args(list(words[2:])).identifier)
    owned = [
        each["urn"] for each in deployment.get("resources", []) if (each["type"], each.get("id")) == (kind, identifier)
    ]
    if owned:
        raise AwsCommandError(f"{identifier} belongs to the stack: {owned[0]}. Destroy the stack instead")
    if not memory.forget(kind, identifier):
        raise AwsCommandError(f"{identifier}: AWS answers ResourceNotFoundException")
    return f"{identifier} is deleted"
