"""What one environment decides about its queues, and about the scheduler that fills them.

Leaves out which teams there are, and rules between queues, teams and capacity (`components/rules/queues.py`).
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.change import OnChange, in_place
from components.model import Model, Violation

RELOADED = "YuniKorn reads its queues anew, and nothing restarts"
ROLLS = "restarts the scheduler; running pods stay"
MIB_A_GIB = 1024
# Queues are parts of a path, and a queue of this name under the root takes whatever has no queue of its own.
# Source: apache/yunikorn-core 1.8, pkg/common/constants.go, DefaultPlacementQueue.
TAKEN_NAMES = frozenset({"root", "default"})

ParentQueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]


class QueueResources(Model):
    """An amount of processors and memory, as pods request them."""

    vcpus: Annotated[int, Field(ge=1, le=10_000_000), OnChange(in_place(RELOADED))]
    """Virtual processors."""

    memory_gib: Annotated[int, Field(ge=1, le=100_000_000), OnChange(in_place(RELOADED))]
    """Memory in GiB."""

    def fits_in(self, other: "QueueResources") -> bool:
        """Whether it is no more than the other, of processors and of memory."""
        return self.vcpus <= other.vcpus and self.memory_gib <= other.memory_gib

    def __str__(self) -> str:
        return f"{self.vcpus} vCPUs and {self.memory_gib} GiB"


def sum_of(amounts: Iterable[QueueResources]) -> tuple[int, int]:
    """Processors and GiB of several amounts together, which may be none."""
    listed = list(amounts)
    return sum(each.vcpus for each in listed), sum(each.memory_gib for each in listed)


class QueueSettings(Model):
    """What one team's pods may use, and what they get for certain."""

    guaranteed: Annotated[QueueResources | None, OnChange(in_place(RELOADED))] = None
    """What the team gets before others get more than theirs; null for a part, by weight, of what is guaranteed to the
    parent queue, or to all queues together, and is not given to others by name."""

    maximum: Annotated[
        QueueResources,
        OnChange(in_place(f"{RELOADED}; what runs above a lower maximum runs to its end")),
    ]
    """What all pods of the team together never exceed; pods beyond it wait."""

    weight: Annotated[int, Field(ge=1, le=1000), OnChange(in_place(RELOADED))] = 1
    """Parts of what is shared that a team without a guarantee of its own gets; twice the weight, twice the part."""

    parent: Annotated[
        ParentQueueName | None,
        OnChange(
            in_place(
                "applications that are submitted from now on go to the new queue; the old one goes when those in it end"
            )
        ),
    ] = None
    """Parent queue of the team's, one of scheduler.parents; null for the root."""

    running_applications: Annotated[Annotated[int, Field(ge=1, le=1_000_000)] | None, OnChange(in_place(RELOADED))] = (
        None
    )
    """Most applications of the team that run at a time; others wait with all their pods. Keeps drivers from filling
    the queue until no room is left for executors. Null for no limit."""

    def rules(self) -> Iterable[Violation]:
        """No guarantee above the maximum, and no weight that nothing is shared by."""
        if self.guaranteed is None:
            return
        if not self.guaranteed.fits_in(self.maximum):
            yield Violation(
                "guaranteed",
                self.guaranteed,
                f"must not exceed the maximum, {self.maximum}",
                "YuniKorn refuses such a queue, and goes on with the queues it had",
                "lower guaranteed, or raise maximum",
            )
        if self.weight != 1:
            yield Violation(
                "weight",
                self.weight,
                "must be 1, or left out, where guaranteed is set",
                "weights part what is shared among teams without a guarantee of their own",
                "remove weight, or remove guaranteed",
            )


class ParentQueueSettings(Model):
    """What the teams of one parent queue may use together, and what they get for certain."""

    guaranteed: Annotated[QueueResources | None, OnChange(in_place(RELOADED))] = None
    """What these teams get together before others get more than theirs; what no team of it is guaranteed by name is
    shared by weight. Null for the sum of what its teams are guaranteed by name."""

    maximum: Annotated[QueueResources | None, OnChange(in_place(RELOADED))] = None
    """What these teams never exceed together; null for no limit but the cluster."""

    def rules(self) -> Iterable[Violation]:
        """No guarantee above the maximum."""
        if self.guaranteed and self.maximum and not self.guaranteed.fits_in(self.maximum):
            yield Violation(
                "guaranteed",
                self.guaranteed,
                f"must not exceed the maximum, {self.maximum}",
                "YuniKorn refuses such a queue, and goes on with the queues it had",
                "lower guaranteed, or raise maximum",
            )


class SchedulerSettings(Model):
    """YuniKorn: how it parts capacity between queues, and the programs that do it."""

    guaranteed: Annotated[QueueResources | None, OnChange(in_place(RELOADED))] = None
    """What all queues together are guaranteed, such as the capacity that is always there; what no queue is guaranteed
    by name is shared by weight. Null where every guarantee is given by name, or there is none."""

    parents: Annotated[
        dict[ParentQueueName, ParentQueueSettings],
        OnChange(
            in_place(RELOADED),
            removed=in_place("its teams go to where they are put; the queue goes when applications in it end"),
        ),
    ] = Field(default={}, max_length=50)
    """Parent queue name to its limits: a level between the root and teams, which teams name as their parent."""

    preemption: Annotated[bool, OnChange(in_place(RELOADED))] = True
    """Whether pods of queues above their guarantee are ended for pods of queues below theirs."""

    preemption_delay_seconds: Annotated[int, Field(ge=1, le=86400), OnChange(in_place(RELOADED))] = 30
    """Seconds that a pod waits before others may be ended for it; YuniKorn's own default is 30."""

    node_order: Annotated[Literal["binpacking", "fair"], OnChange(in_place(RELOADED))] = "binpacking"
    """Which node a pod gets: the fullest that it fits on, so that others empty and can go, or the emptiest."""

    gang_style: Annotated[
        Literal["Soft", "Hard"], OnChange(in_place("applications that are submitted from now on"))
    ] = "Soft"
    """What becomes of a gang that does not fit within the time: it starts with what there is, or it fails."""

    gang_timeout_seconds: Annotated[
        int, Field(ge=1, le=86400), OnChange(in_place("applications that are submitted from now on"))
    ] = 300
    """Seconds from a gang's first reserved place until the rest is given up; a node takes a minute or two to come."""

    scheduler_memory_mib: Annotated[int, Field(ge=256, le=65536), OnChange(in_place(ROLLS))] = 2048
    """Memory request and limit of the scheduler, which keeps every node and pod of the cluster in it."""

    admission_replicas: Annotated[int, Field(ge=1, le=3), OnChange(in_place("adds or removes a replica"))] = 2
    """Replicas of the admission controller. The scheduler is always one: it elects no leader, and two would place the
    same pods."""

    def rules(self) -> Iterable[Violation]:
        """Parent queues have names of their own."""
        for name in sorted(TAKEN_NAMES & self.parents.keys()):
            yield Violation(
                f"parents.{name}",
                name,
                "must have another name",
                "YuniKorn has a queue root of its own, and puts what has no queue into one that is called default",
                "call it after what its teams have in common",
            )
