"""What judging costs: a cold preview of production with the judges and without, and the processor time they take."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from components.settings import STACKS
from offline.checks.judge import Judge
from offline.checks.judges import all_judges, closing, findings_among, findings_in
from offline.engine import OfflineEngine
from offline.providers.resource import Resource
from tests.checks.conftest import Listener
from tests.stack_files import ENVIRONMENTS

ROUNDS = 3
MOST_TIMES = 1.2
MOST_CPU_SECONDS = 20


def nobody() -> Sequence[Judge]:
    """No judge at all."""
    return ()


def cold_preview_seconds(judges: Callable[[], Sequence[Judge]]) -> float:
    """Wall time of one preview of production in a state of its own."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        OfflineEngine(STACKS.parent, Path(home), judges=judges).preview("production")
        return time.perf_counter() - started


def resources_of(stack: str) -> tuple[Resource, ...]:
    """What a preview of a stack shows the judges."""
    listener = Listener()
    with tempfile.TemporaryDirectory() as home:
        OfflineEngine(STACKS.parent, Path(home), judges=lambda: (listener,)).preview(stack)
    return listener.resources


def cpu_seconds() -> float:
    """Processor time of this process and of children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def judging_cpu_seconds() -> float:
    """Processor time of judging the four stacks once, from starting the judges to closing them."""
    stacks = [resources_of(stack) for stack in ENVIRONMENTS]
    before = cpu_seconds()
    judges = all_judges()
    # What a judge starts counts when it has ended.
    with closing(judges):
        for resources in stacks:
            for each in resources:
                findings_in(each, judges)
            findings_among(resources, judges)
    return cpu_seconds() - before


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    with_judges, without = [], []
    for number in range(1, ROUNDS + 1):
        print(f"round {number} of {ROUNDS}", file=sys.stderr, flush=True)
        without.append(cold_preview_seconds(nobody))
        with_judges.append(cold_preview_seconds(all_judges))
    ratio = min(with_judges) / min(without)
    yield f"cold preview of production: {min(with_judges):.1f} s judged, {min(without):.1f} s not judged"
    yield f"judging costs a factor of {ratio:.2f} (at most {MOST_TIMES} wanted)"
    yield f"judging four stacks takes {judging_cpu_seconds():.1f} s of CPU (at most {MOST_CPU_SECONDS} wanted)"
