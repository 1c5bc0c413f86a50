"""The machine that `pulumi up` will run on: its programs, its environment, and what it reaches."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COMMAND_SECONDS = 60.0
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Said:
    """What a program printed.

    Args:
        code: its exit code.
        output: what it wrote to its output.
        errors: what it wrote beside it.
    """

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Machine:
    """This machine.

    Args:
        directory: where programs run.
        environment: variables that they see.
    """

    directory: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def has(self, program: str) -> bool:
        """Whether a program is on PATH."""
        return shutil.which(program, path=self.environment.get("PATH")) is not None

    def run(self, command: Sequence[str]) -> Said:
        """Run a program that asks nothing.

        Args:
            command: its name on PATH, and arguments.
        """
        try:
            done = subprocess.run(
                command,
                cwd=self.directory,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=COMMAND_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return Said(1, "", f"{command[0]} said nothing for {COMMAND_SECONDS:.0f} s")
        except OSError as error:
            return Said(1, "", f"{command[0]} can't be run: {error}")
        return Said(done.returncode, done.stdout, done.stderr)

    def connect(self, host: str, port: int) -> list[str]:
        """Open a connection and close it, and return the addresses that the host's name has.

        Raises:
            OSError: when the name has no address, or nobody answers in time.
        """
        addresses = sorted({str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
        with socket.create_connection((host, port), timeout=CONNECT_SECONDS):
            return addresses
