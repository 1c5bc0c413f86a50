"""Python's collector of garbage, which looks through everything again and again while a program makes its objects.

A quarter of a run's time goes there, for some forty megabytes that are free again once the run has ended. One look at
its end would still be a twentieth. So what a run leaves is kept out of the collector's sight, and looked through once
several runs have added to it.

Source: Python documentation, "gc": what is referred to by nothing but itself, and only that, waits for the collector;
`gc.freeze` moves all objects to where it never looks, not even when the process ends.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A preview of production leaves some 300,000 objects, and importing what it needs 800,000.
MOST_OBJECTS = 2_500_000


@dataclass
class _Aside:
    """What is out of the collector's sight.

    Args:
        in_use: how many objects were there after the last look, all of them referred to.
    """

    in_use: int = 0

    def add(self) -> None:
        """Everything that is there; looked through first where too much has come since the last look."""
        gc.freeze()
        if gc.get_freeze_count() - self.in_use > MOST_OBJECTS:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self.in_use = gc.get_freeze_count()


_aside = _Aside()


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage while the context lasts, nor what it leaves until others have left some too."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            _aside.add()
            gc.enable()
