"""How many lines the log agent handles, when FLUENT_BIT names the program; it needs root."""

import os
import subprocess
import sys
from collections.abc import Iterator


def lines() -> Iterator[str]:
    """What the log agent's own bench prints."""
    program = os.environ.get("FLUENT_BIT")
    if not program:
        yield "log agent: not measured, because FLUENT_BIT names no fluent-bit program"
        return
    command = [sys.executable, "-m", "tests.logging", program, "--speed"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    yield result.stdout.strip() if result.returncode == 0 else f"log agent: not measured: {result.stderr.strip()}"
