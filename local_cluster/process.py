"""A program that is part of a cluster, as the supervisor starts it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


def _at_once() -> bool:
    return True


@dataclass(frozen=True)
class Process:
    """One program.

    Args:
        name: for people, and of its log.
        command: the executable and its arguments.
        is_ready: asked until it says so; what is started next may rely on it.
        environment: variables beside the supervisor's.
        directory: where it runs; the supervisor's unless given.
        inherited: numbers of open files of the supervisor that it gets.
    """

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] = _at_once
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None
    inherited: Sequence[int] = ()
