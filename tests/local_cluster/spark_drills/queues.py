"""What YuniKorn says of its queues and applications, by its REST API.

Source: Apache YuniKorn, "REST API".
"""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from components.scheduler.queue_file import PARTITION
from local_cluster.controllers.yunikorn import REST

_SECONDS = 10.0


@dataclass(frozen=True)
class Queue:
    """A queue at a moment.

    Args:
        guaranteed_cpus: what it is guaranteed, in processors.
        most_cpus: what it never exceeds.
        used_cpus: what its pods have, places of gangs included.
        wanted_cpus: what its pods wait for.
    """

    guaranteed_cpus: float
    most_cpus: float
    used_cpus: float
    wanted_cpus: float


def queue(path: str) -> Queue:
    """A queue by its full name."""
    found = _asked(f"partition/{PARTITION}/queue/{path}")
    parts = ("guaranteedResource", "maxResource", "allocatedResource", "pendingResource")
    return Queue(*((found.get(part) or {}).get("vcore", 0) / 1000 for part in parts))


def applications(path: str, state: str = "") -> dict[str, dict[str, Any]]:
    """Applications of a queue by their id: those that are not over, or those of a state, such as rejected."""
    found = _asked(f"partition/{PARTITION}/queue/{path}/applications{'/' + state if state else ''}")
    return {each["applicationID"]: each for each in found or []}


def _asked(path: str) -> Any:
    with urllib.request.urlopen(f"{REST}/ws/v1/{path}", timeout=_SECONDS) as answer:
        return json.load(answer)
