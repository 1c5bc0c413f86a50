"""A machine of which a test decides what its programs print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from components.settings import STACKS
from doctor.machine import Machine, Said

_PLUGINS = [
    {"name": name, "kind": "resource", "version": metadata.version(f"pulumi-{name}")}
    for name in ("aws", "eks", "kubernetes")
]
NO_STACK = Said(255, "", "error: no stack named 'dev' found\n")
# First words of a command to what it prints, on a machine that has everything.
PRINTED: Mapping[str, Said] = {
    "pulumi version": Said(0, "v3.259.0\n", ""),
    "pulumi plugin ls": Said(0, json.dumps(_PLUGINS), ""),
    "pulumi stack export": NO_STACK,
    "aws --version": Said(0, "aws-cli/2.31.5 Python/3.13.7 Linux/6.18 exe/x86_64.debian.12\n", ""),
    "kubectl version": Said(0, json.dumps({"clientVersion": {"gitVersion": "v1.35.4"}}), ""),
    "docker buildx version": Said(0, "github.com/docker/buildx v0.29.1 a32761aeb3debd39be1eca514af3693af0db334b\n", ""),
}


def exported(*resources: tuple[str, str]) -> Said:
    """What `pulumi stack export` prints of a stack.

    Args:
        resources: type token and id of each.
    """
    listed: list[dict[str, Any]] = [{"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::moka::stack"}]
    listed += [{"type": kind, "urn": f"urn:pulumi:dev::moka::{kind}::x", "id": name} for kind, name in resources]
    return Said(0, json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": listed}}), "")


@dataclass(frozen=True)
class ScriptedMachine(Machine):
    """A machine that runs nothing.

    Args:
        printed: first words of each command that there is to what it prints.
        addresses: host to its addresses; a connection to any other times out.
    """

    directory: Path = STACKS.parent
    environment: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, Said] = field(default_factory=lambda: PRINTED)
    addresses: Mapping[str, list[str]] = field(default_factory=dict)

    def has(self, program: str) -> bool:
        return any(each.split()[0] == program for each in self.printed)

    def run(self, command: Sequence[str]) -> Said:
        line = " ".join(command)
        return next((said for words, said in self.printed.items() if line.startswith(words)), Said(1, "", "unknown"))

    def connect(self, host: str, port: int) -> list[str]:
        if port != 443 or host not in self.addresses:
            raise TimeoutError("timed out")
        return self.addresses[host]
