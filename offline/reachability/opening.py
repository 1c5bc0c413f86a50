"""What one layer of rules lets through between two endpoints."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from offline.reachability.ports import EVERY_PORT, NO_PORT, Ports


@dataclass(frozen=True)
class Opener:
    """A rule and what it may let through, or the lack of one and that it leaves everything open."""

    name: str
    ports: Ports


@dataclass(frozen=True)
class Opening:
    """Ports that a layer lets through.

    Args:
        possible: to some address, for some labels: what must not be here is not there in any case.
        certain: to every address, whatever unknown labels are: what must be here is there in any case.
        openers: what opens them.
    """

    possible: Ports
    certain: Ports
    openers: tuple[Opener, ...] = ()


def free(why: str) -> Opening:
    """A layer that does not stand between the two."""
    return Opening(EVERY_PORT, EVERY_PORT, (Opener(why, EVERY_PORT),) if why else ())


def closed() -> Opening:
    """A layer that lets nothing through."""
    return Opening(NO_PORT, NO_PORT)


def union(sets: Iterable[Ports]) -> Ports:
    """Ports that are in any set."""
    return reduce(lambda left, right: left | right, sets, NO_PORT)


def intersection(sets: Iterable[Ports]) -> Ports:
    """Ports that are in each set."""
    return reduce(lambda left, right: left & right, sets, EVERY_PORT)
