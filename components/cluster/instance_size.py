"""What the size and series in an EC2 instance type's name say about its vCPUs and memory.

Leaves out exceptions that only a look-up would know: burstable and metal types are given the larger value of their
kind. Source: Amazon EC2 instance types guide, "Specifications".
"""

import re

from components.cluster.instance_type import NAME

SMALLEST_SIZES = {"nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4}
MOST_METAL_VCPUS = 192
# GiB of memory for each vCPU by series; Graviton and Intel are alike.
GIB_A_VCPU = {"c": 2, "m": 4, "t": 4, "im": 4, "is": 6, "r": 8, "i": 8, "d": 8, "x": 16}


def vcpus(instance_type: str) -> int:
    """vCPUs of an instance type.

    Raises:
        ValueError: when the name does not follow EC2's convention.
    """
    size = _parts(instance_type)["size"]
    if multiple := re.fullmatch(r"(?:metal-)?(\d+)xl(?:arge)?", size):
        return 4 * int(multiple[1])
    return SMALLEST_SIZES.get(size, MOST_METAL_VCPUS)


def memory_gib(instance_type: str) -> int | None:
    """Memory of an instance type in GiB; None for series that have no common ratio.

    Raises:
        ValueError: when the name does not follow EC2's convention.
    """
    ratio = GIB_A_VCPU.get(_parts(instance_type)["series"])
    return None if ratio is None else ratio * vcpus(instance_type)


def _parts(instance_type: str) -> re.Match[str]:
    match = NAME.match(instance_type)
    if match is None:
        raise ValueError(f"{instance_type!r} is not an EC2 instance type such as r7gd.4xlarge")
    return match
