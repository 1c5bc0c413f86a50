"""vCPUs that a stack asks of Amazon EC2's quotas, by kind of purchase and class of families.

Source: Amazon EC2 user guide, "Amazon EC2 On-Demand Instance quotas" and "Spot Instance quotas", whose tables link
each quota's code; for the classes, "Amazon EC2 instance type naming conventions". Leaves out families with
accelerators, which node groups and pools can't have, and Dedicated Hosts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from components.capacity.settings import NodePoolSettings
from components.cluster.instance_type import family_of, known_types
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.usual_nodes import Capacity
from components.rules.addresses import most_nodes_in_a_roll
from doctor.quota import Quota

Class = str
STANDARD = "standard"

_LETTERS = re.compile(r"[a-z]+")
_STANDARD_LETTERS = "acdhimrtz"
# Families whose names begin with a letter of the standard ones, or end at none, and are counted apart.
_CLASSES: Mapping[str, Class] = {"hpc": "hpc", "u": "high-memory", "x": "x"}
_APART = ("dl", "inf", "trn", "mac")

QUOTAS: Mapping[Capacity, Mapping[Class, Quota]] = {
    "on-demand": {
        STANDARD: Quota(
            "ec2", "L-1216C47A", "vCPUs of Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"
        ),
        "x": Quota("ec2", "L-7295265B", "vCPUs of Running On-Demand X instances"),
        "high-memory": Quota("ec2", "L-43DA4232", "vCPUs of Running On-Demand High Memory instances"),
        "hpc": Quota("ec2", "L-F7808C92", "vCPUs of Running On-Demand HPC instances"),
    },
    "spot": {
        STANDARD: Quota(
            "ec2", "L-34B43A08", "vCPUs of All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests"
        ),
        "x": Quota("ec2", "L-E3A00192", "vCPUs of All X Spot Instance Requests"),
    },
}


def class_of(instance_type: str) -> Class | None:
    """The class whose quota an instance type counts into; None for one that no node of a stack is.

    Args:
        instance_type: such as r7gd.4xlarge.
    """
    found = _LETTERS.match(family_of(instance_type))
    letters = found.group() if found else ""
    if letters in _CLASSES:
        return _CLASSES[letters]
    return STANDARD if letters[:1] in tuple(_STANDARD_LETTERS) and letters not in _APART else None


def of_groups(groups: Iterable[NodeGroupSettings], capacity: Capacity, zones: int, *, rolled: bool) -> Counter[Class]:
    """vCPUs of node groups when every node is of the largest of its group's types of a class.

    Args:
        groups: node groups.
        capacity: which of them.
        zones: how many the network has.
        rolled: whether all groups are being rolled at once, as a new AMI release does.
    """
    total: Counter[Class] = Counter()
    for each in groups:
        if each.capacity == capacity:
            nodes = most_nodes_in_a_roll(each.size, len(each.zones or ()) or zones) if rolled else each.size
            for kind, vcpus in _largest(each.instance_types).items():
                total[kind] += nodes * vcpus
    return total


def of_pools(pools: Iterable[NodePoolSettings], capacity: Capacity) -> Counter[Class]:
    """vCPUs of node pools at their limits.

    Args:
        pools: node pools.
        capacity: which of them.
    """
    total: Counter[Class] = Counter()
    for each in pools:
        if each.capacity == capacity:
            for kind in _largest(each.instance_types):
                total[kind] += each.limits.vcpus
    return total


def in_use(instances: Iterable[Mapping[str, Any]], capacity: Capacity) -> Counter[Class]:
    """vCPUs of instances that are there.

    Args:
        instances: as Amazon EC2 describes them.
        capacity: which of them.
    """
    total: Counter[Class] = Counter()
    for each in instances:
        kind = class_of(each["InstanceType"])
        if kind and (each.get("InstanceLifecycle") == "spot") == (capacity == "spot"):
            options = each.get("CpuOptions") or {}
            known = known_types().get(each["InstanceType"])
            total[kind] += known.vcpus if known else options.get("CoreCount", 0) * options.get("ThreadsPerCore", 0)
    return total


def _largest(instance_types: Iterable[str]) -> Mapping[Class, int]:
    largest: dict[Class, int] = {}
    for name in instance_types:
        if kind := class_of(name):
            largest[kind] = max(largest.get(kind, 0), known_types()[name].vcpus)
    return largest
