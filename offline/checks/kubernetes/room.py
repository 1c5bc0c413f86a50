"""How much room pods ask for, and how much nodes have: CPU, memory and number of pods.

Leaves out storage and extended resources, and what a scheduler weighs: pods go where most is free, one after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Room:
    """An amount of what nodes offer and pods ask for.

    Args:
        cpu: in thousandths of a CPU.
        memory: in bytes.
        pods: number of pods.
    """

    cpu: int = 0
    memory: int = 0
    pods: int = 0

    def __add__(self, other: "Room") -> "Room":
        return Room(self.cpu + other.cpu, self.memory + other.memory, self.pods + other.pods)

    def __sub__(self, other: "Room") -> "Room":
        return Room(self.cpu - other.cpu, self.memory - other.memory, self.pods - other.pods)

    def __str__(self) -> str:
        return f"{self.memory // MIB} MiB and {self.cpu}m CPU"

    def holds(self, other: "Room") -> bool:
        """Whether an amount fits into this one."""
        return self.cpu >= other.cpu and self.memory >= other.memory and self.pods >= other.pods


@dataclass(frozen=True)
class Node:
    """One node.

    Args:
        group: logical name of its node group.
        zone: which of the group's zones it stands in.
        free: what its agents leave.
    """

    group: str
    zone: int
    free: Room


@dataclass(frozen=True)
class Pod:
    """One pod.

    Args:
        name: how messages call it.
        asks: what it asks for.
        groups: node groups that it may run on.
        volume: whose claim ties it to a zone; empty without one.
        apart: what it shares with pods that never stand in its zone; empty where it may share a zone with all.
        alone: what it shares with pods that never stand on its node; empty where it may share a node with all.
    """

    name: str
    asks: Room
    groups: frozenset[str]
    volume: str = ""
    apart: str = ""
    alone: str = ""


def unplaced(nodes: Sequence[Node], pods: Iterable[Pod], zone_of: Mapping[str, int] | None = None) -> Pod | None:
    """The first of the pods that finds no room where the ones before it have theirs; None where all do.

    Args:
        nodes: with what is free on each.
        pods: in the order in which they come.
        zone_of: pod name to the zone that its volume ties it to.
    """
    free = [node.free for node in nodes]
    held: list[set[str]] = [set() for _ in nodes]
    zones = zone_of or {}
    for pod in pods:
        zone, chosen = zones.get(pod.name), -1
        for index, node in enumerate(nodes):
            if (
                (zone is None or zone == node.zone)
                and node.group in pod.groups
                and free[index].holds(pod.asks)
                and not (pod.alone and pod.alone in held[index])
                and (chosen < 0 or free[index].memory > free[chosen].memory)
            ):
                chosen = index
        if chosen < 0:
            return pod
        free[chosen] -= pod.asks
        held[chosen].add(pod.alone)
    return None


def total(rooms: Iterable[Room]) -> Room:
    """The sum of amounts."""
    return sum(rooms, Room())
