"""What a cluster on this machine costs against the emulated one: time until a stack is up, and memory.

Programs are at hand in both cases; what making them takes is not measured here.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from components.settings import STACKS
from local_cluster.cluster import LocalCluster
from local_cluster.programs.sets import SIMULATED, find_programs
from local_cluster.supervisor import read_status
from offline.engine import OfflineEngine
from offline.progress import say
from tests.local_cluster.drills.running_stack import RunningStack

STACK = "dev"
MOST_TIMES = 3.0
MOST_START_SECONDS = 10.0

_PROCESSES = Path("/proc")
_KIB = 1024


def seconds(action: Callable[[], object]) -> float:
    """Wall time of something."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def memory_mib(cluster: LocalCluster) -> Mapping[str, int]:
    """Memory of each process of a cluster that runs; what processes share counts once.

    Source: proc_pid_smaps(5), "Pss" in smaps_rollup.
    """
    status = read_status(cluster.directory)
    names = {pid: name for name, pid in status["processes"].items()}
    kib: Counter[str] = Counter()
    for pid in _with_children(status["supervisor"]):
        kib[names.get(pid, "supervisor and others")] += _kib(pid)
    return {name: amount // _KIB for name, amount in kib.most_common()}


def _with_children(pid: int) -> Iterator[int]:
    """A process and all those below it."""
    yield pid
    for task in (_PROCESSES / str(pid) / "task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _with_children(int(child))


def _kib(pid: int) -> int:
    text = (_PROCESSES / str(pid) / "smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def lines() -> Iterator[str]:
    """Measure, and say what came out."""
    find_programs(SIMULATED, say)
    with tempfile.TemporaryDirectory(prefix="moka-") as place:
        print(f"{STACK} on emulated Kubernetes", file=sys.stderr, flush=True)
        emulated = OfflineEngine(STACKS.parent, Path(place) / "emulated")
        first, again = (seconds(lambda: emulated.up(STACK)) for _ in range(2))
        print(f"{STACK} on a cluster", file=sys.stderr, flush=True)
        stack = RunningStack(STACK, Path(place) / "cluster")
        try:
            start = seconds(stack.cluster.start)
            yield f"control plane: ready after {start:.1f} s (under {MOST_START_SECONDS:.0f} wanted)"
            first_there, again_there = start + seconds(stack.up), seconds(stack.up)
            stack.converges()
            yield f"up of {STACK}: {first_there:.1f} s with a new cluster, {first:.1f} s emulated"
            yield f"a cluster costs a factor of {first_there / first:.2f} (at most {MOST_TIMES:.0f} wanted)"
            yield f"up of {STACK} with nothing to change: {again_there:.1f} s on the cluster, {again:.1f} s emulated"
            memory = memory_mib(stack.cluster)
            each = ", ".join(f"{name} {mib}" for name, mib in memory.items())
            yield f"memory of the cluster: {sum(memory.values())} MiB ({each})"
        finally:
            stack.end()
