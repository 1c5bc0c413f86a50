"""What nodes of a workload usually are: instance types, number of pods, one table for groups and pools.

A stack file that names none of these gets production's. Families with local NVMe volumes carry Spark's shuffle; spot
executors take every family of the list, on-demand groups prefer the first.
"""

from collections.abc import Iterable
from typing import Literal

from components.cluster.instance_type import Architecture
from components.cluster.pod_density import RECOMMENDED_PODS

Workload = Literal["system", "spark-driver", "spark-executor", "spark", "shuffle"]
Capacity = Literal["on-demand", "spot"]

FAMILIES: dict[tuple[Workload, Architecture], tuple[str, ...]] = {
    ("system", "x86_64"): ("r7i", "r6i"),
    ("system", "arm64"): ("r7g", "r6g"),
    ("spark-driver", "x86_64"): ("m6id", "m6idn"),
    ("spark-driver", "arm64"): ("m7gd", "m6gd"),
    ("spark-executor", "x86_64"): ("r6id", "r6idn", "i4i", "m6id", "m6idn", "r5d", "r5dn"),
    ("spark-executor", "arm64"): ("r8gd", "r7gd", "r6gd", "m8gd", "m7gd", "m6gd", "i4g"),
    ("spark", "x86_64"): ("m6id", "r6id", "m5d"),
    ("spark", "arm64"): ("m7gd", "r7gd", "m6gd"),
    # Workers of the shuffle service are of one size.
    ("shuffle", "x86_64"): ("i4i",),
    ("shuffle", "arm64"): ("im4gn",),
}
SIZES: dict[Workload, str] = {
    "system": "2xlarge",
    "spark-driver": "4xlarge",
    "spark-executor": "8xlarge",
    "spark": "2xlarge",
    "shuffle": "4xlarge",
}
# A pool takes the next size as well: Karpenter packs what waits, and each type and zone more is one spot pool more.
NEXT_SIZES: dict[str, str] = {"2xlarge": "4xlarge", "4xlarge": "8xlarge", "8xlarge": "16xlarge"}
# Fewer pods than an instance carries, since each takes addresses: executors ask for several vCPUs, drivers for one or
# two, and node agents stand beside them.
PODS: dict[Workload, int] = {
    "system": RECOMMENDED_PODS,
    "spark-driver": 58,
    "spark-executor": 42,
    "spark": RECOMMENDED_PODS,
    "shuffle": 16,
}
# Workloads whose nodes end applications when they go.
WITH_DRIVERS: tuple[Workload, ...] = ("spark", "spark-driver")


def group_types(workload: Workload, architecture: Architecture) -> tuple[str, ...]:
    """Instance types of a group: every family in one size, since a group's number of nodes is its capacity."""
    return _types(workload, architecture, [SIZES[workload]])


def pool_types(workload: Workload, architecture: Architecture) -> tuple[str, ...]:
    """Instance types of a pool: every family in two sizes, since a pool's capacity is counted in vCPUs."""
    return _types(workload, architecture, [SIZES[workload], NEXT_SIZES[SIZES[workload]]])


def pool_capacity(workload: Workload) -> Capacity:
    """How a pool buys its instances: executors come back elsewhere, an application ends with its driver."""
    return "spot" if workload == "spark-executor" else "on-demand"


def _types(workload: Workload, architecture: Architecture, sizes: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{family}.{size}" for size in sizes for family in FAMILIES[workload, architecture])
