"""What a cold preview of production costs for each resource, beside a synthesis by cdk-eks-blueprints.

Each is a command of its own, one after the other. cdk-eks-blueprints neither compares nor checks what it makes; this
one does both.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from components.settings import STACKS
from offline.engine import OfflineEngine
from offline.go_build import MODULES
from offline.npm_program import npm_program
from offline.progress import say
from tests.bench.commands import seconds_of

ROUNDS = 3
MOST_TIMES = 2.0


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    synthesis = npm_program(MODULES / "eks_blueprints", say)
    theirs = json.loads(subprocess.run(synthesis, capture_output=True, check=True).stdout)["resources"]
    with tempfile.TemporaryDirectory() as home:
        ours = sum(OfflineEngine(STACKS.parent, Path(home)).preview("production").changes.values())
    previews, syntheses = [], []
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as home:
            preview = [sys.executable, "-m", "offline", "--home", home, "preview", "production"]
            previews.append(seconds_of(preview))
        syntheses.append(seconds_of(synthesis))
    one, other = min(previews) / ours, min(syntheses) / theirs
    yield f"cold preview of production: {min(previews):.1f} s, {ours} resources, {one * 1000:.1f} ms for each"
    yield f"synthesis by cdk-eks-blueprints: {min(syntheses):.1f} s, {theirs} resources, {other * 1000:.1f} ms for each"
    yield f"a resource takes {one / other:.2f} times as long (at most {MOST_TIMES} wanted)"
