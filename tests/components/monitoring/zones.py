"""Where the scheduler may put replicas, in a model of zones that come and go while it places them.

Leaves out what a constraint only prefers: a scheduler under load ignores it, so nothing here relies on it.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

ZONE = "topology.kubernetes.io/zone"


def placements(specs: Sequence[dict[str, Any]], zones: Sequence[str]) -> set[tuple[str, ...]]:
    """Every way to place a workload's replicas, whichever zones have room when each of them is placed.

    Args:
        specs: of the replicas, in the order in which they are made.
        zones: the environment's zones.

    Returns:
        The zone of each replica; a volume keeps its replica there.
    """
    found: set[tuple[str, ...]] = {()}
    for spec in specs:
        found = {(*placed, zone) for placed in found for zone in _choices(spec, placed, zones)}
    return found


def _choices(spec: dict[str, Any], placed: tuple[str, ...], zones: Sequence[str]) -> Iterator[str]:
    constraints = [
        each
        for each in spec["template"]["spec"]["topologySpreadConstraints"]
        if each["topologyKey"] == ZONE and each["whenUnsatisfiable"] == "DoNotSchedule"
    ]
    for count in range(1, len(zones) + 1):
        for with_room in combinations(zones, count):
            for zone in with_room:
                if all(_allows(each, placed, zone, with_room) for each in constraints):
                    yield zone


def _allows(constraint: dict[str, Any], placed: tuple[str, ...], zone: str, with_room: tuple[str, ...]) -> bool:
    fewest = min(placed.count(each) for each in with_room)
    if len(with_room) < constraint.get("minDomains", 1):
        fewest = 0
    return placed.count(zone) + 1 - fewest <= constraint["maxSkew"]
