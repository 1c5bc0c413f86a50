"""Carries out one thing for several stacks at the same time, in processes of their own.

Processes, because a run of a program takes a process for itself: it has its own modules there, and the SDK's settings.
They are forks of this one, so what it has imported is there already. Nothing of gRPC may run here when they are made.

Source: gRPC, doc/fork_support.md: processes may fork as long as the library was not used before.
"""

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")

# Of a process that was forked: what it is for.
_work: list[Callable[[str], Any]] = []


def side_by_side(work: Callable[[str], Result], stacks: Sequence[str], processes: int) -> list[Result]:
    """What the work returns for each stack, in their order; a result has to be one that can be pickled.

    Args:
        work: is given the name of a stack.
        stacks: the names.
        processes: how many at the same time; with one, all is done in this process.

    Raises:
        Exception: the first that the work ended with.
    """
    processes = min(len(stacks), processes)
    if processes < 2:
        return [work(each) for each in stacks]
    # What is there already is neither looked through nor copied in the other processes.
    gc.freeze()
    # A function within a function can't be pickled, but a fork has it.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, context, initializer=_work.append, initargs=(work,)) as pool:
        return list(pool.map(_carried_out, stacks))


def _carried_out(stack: str) -> Any:
    (work,) = _work
    return work(stack)
