"""What every queue is guaranteed: arithmetic without any resource.

YuniKorn knows no weights. It fills that of two sibling queues first which uses less of its guarantee, so guarantees are
the weights; and it ends pods of others only for a queue below its guarantee. So a team that names no guarantee gets a
part, by weight, of what its level is guaranteed and no sibling has by name.

Source: apache/yunikorn-core 1.8, pkg/common/resources/resources.go, getFairShare, and
pkg/scheduler/objects/preemption.go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from components.scheduler.settings import MIB_A_GIB, QueueResources, QueueSettings, SchedulerSettings

MILLICPUS_A_VCPU = 1000


@dataclass(frozen=True)
class Amount:
    """Processors and memory, fine enough to be parted.

    Args:
        millicpus: thousandths of a virtual processor.
        memory_mib: memory.
    """

    millicpus: int
    memory_mib: int

    @classmethod
    def of(cls, resources: QueueResources) -> Self:
        """What settings name."""
        return cls(resources.vcpus * MILLICPUS_A_VCPU, resources.memory_gib * MIB_A_GIB)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.millicpus + other.millicpus, self.memory_mib + other.memory_mib)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.millicpus - other.millicpus, self.memory_mib - other.memory_mib)

    def part(self, weight: int, weights: int) -> "Amount":
        """So many of all parts, rounded down: parts together are never more than the whole."""
        return Amount(self.millicpus * weight // weights, self.memory_mib * weight // weights)

    def at_most(self, other: "Amount") -> "Amount":
        """The smaller of each."""
        return Amount(min(self.millicpus, other.millicpus), min(self.memory_mib, other.memory_mib))

    @property
    def is_something(self) -> bool:
        """Whether there is some of both."""
        return self.millicpus > 0 and self.memory_mib > 0


NOTHING = Amount(0, 0)


def level_of(settings: SchedulerSettings, parent: str | None) -> QueueResources | None:
    """What the queues below a parent are guaranteed together, as settings name it.

    Args:
        settings: the scheduler's.
        parent: name of the parent queue; None for the root.
    """
    return settings.guaranteed if parent is None else settings.parents[parent].guaranteed


def below(teams: Mapping[str, QueueSettings], parent: str | None) -> dict[str, QueueSettings]:
    """The teams whose queues lie below a parent; None is the root."""
    return {name: each for name, each in teams.items() if each.parent == parent}


def guarantee_of_parent(settings: SchedulerSettings, teams: Mapping[str, QueueSettings], parent: str) -> Amount:
    """What a parent queue is guaranteed: what settings name, else what its teams have by name."""
    named = settings.parents[parent].guaranteed
    return Amount.of(named) if named else _by_name(below(teams, parent))


def left_to_share(settings: SchedulerSettings, teams: Mapping[str, QueueSettings], parent: str | None) -> Amount | None:
    """What teams of a level without a guarantee of their own share; None where the level names no number.

    Args:
        settings: the scheduler's.
        teams: every team's queue.
        parent: name of the parent queue; None for the root, whose parent queues take their guarantees first.
    """
    level = level_of(settings, parent)
    if level is None:
        return None
    taken = _by_name(below(teams, parent))
    for each in settings.parents if parent is None else ():
        taken += guarantee_of_parent(settings, teams, each)
    return Amount.of(level) - taken


def guarantees(settings: SchedulerSettings, teams: Mapping[str, QueueSettings]) -> dict[str, Amount]:
    """Team name to what its queue is guaranteed; a team that has nothing certain is left out.

    Args:
        settings: the scheduler's; rules between them and the teams hold.
        teams: every team's queue.
    """
    found: dict[str, Amount] = {}
    for parent in (None, *settings.parents):
        members = below(teams, parent)
        left = left_to_share(settings, teams, parent)
        weights = sum(each.weight for each in members.values() if each.guaranteed is None)
        for name, each in members.items():
            if each.guaranteed is not None:
                found[name] = Amount.of(each.guaranteed)
            elif left is not None and left.is_something:
                found[name] = left.part(each.weight, weights).at_most(Amount.of(each.maximum))
    return found


def _by_name(teams: Mapping[str, QueueSettings]) -> Amount:
    return sum((Amount.of(each.guaranteed) for each in teams.values() if each.guaranteed), NOTHING)
