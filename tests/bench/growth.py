"""How a cold preview grows with the environment: production as it is, and with so many teams that it is larger."""

import copy
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from components.settings import STACKS
from offline.engine import OfflineEngine
from tests.stack_files import settings_tree

ROUNDS = 2
# With as many more teams, production has once, twice and four times its resources.
MORE_TEAMS = (0, 19, 56)
MOST_TIMES = 1.1


def with_teams(number: int) -> dict[str, Any]:
    """Production's teams and more of their kind, none of which has a guarantee."""
    teams = settings_tree("production")["teams"]
    model = copy.deepcopy(next(iter(teams.values())))
    del model["queue"]["guaranteed"]
    return {**teams, **{f"team-{each}": model for each in range(number)}}


def preview(number: int) -> tuple[int, float]:
    """Resources of production with more teams, and the wall time of a cold preview."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        summary = OfflineEngine(STACKS.parent, Path(home), changes={"teams": with_teams(number)}).preview("production")
        return sum(summary.changes.values()), time.perf_counter() - started


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    measured: dict[int, list[float]] = {}
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
        for teams in MORE_TEAMS:
            resources, seconds = preview(teams)
            measured.setdefault(resources, []).append(seconds)
    each_ms = {resources: min(seconds) / resources * 1000 for resources, seconds in measured.items()}
    for resources, milliseconds in each_ms.items():
        yield f"{resources} resources: {min(measured[resources]):.1f} s, {milliseconds:.1f} ms for each"
    first, *_, last = each_ms.values()
    yield f"a resource of the largest takes {last / first:.2f} times as long (at most {MOST_TIMES} wanted)"
