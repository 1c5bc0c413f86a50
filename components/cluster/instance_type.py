"""What an EC2 instance type's name says: architecture and local NVMe storage.

Leaves out sizes and prices, and accelerated families (g5, p5, trn1 and others), some of which have local volumes that
their names don't show. Source: Amazon EC2 instance types guide, "Naming conventions": series, generation,
options (`g` for Graviton processors, `d` for instance store volumes), size.
"""

import re
from dataclasses import dataclass
from typing import Literal

Architecture = Literal["x86_64", "arm64"]

NAME = re.compile(r"^(?P<series>[a-z]+?)(?P<generation>\d+)(?P<options>[a-z]*)(?:-[a-z0-9]+)?\.(?P<size>[a-z0-9-]+)$")

# Storage-optimised series have instance store volumes although their names carry no `d`.
SERIES_WITH_INSTANCE_STORE = ("d", "h", "i", "im", "is")
# The first Graviton generation is named by its series.
GRAVITON_SERIES = ("a",)


@dataclass(frozen=True)
class InstanceType:
    """One EC2 instance type, such as r7gd.4xlarge.

    Args:
        name: the full name.
        architecture: of its processors.
        has_instance_store: whether it carries local NVMe volumes.
    """

    name: str
    architecture: Architecture
    has_instance_store: bool


def parse_instance_type(name: str) -> InstanceType:
    """Read an instance type's name.

    Raises:
        ValueError: when the name does not follow EC2's convention.
    """
    match = NAME.match(name)
    if match is None:
        raise ValueError(f"{name!r} is not an EC2 instance type such as r7gd.4xlarge")
    graviton = "g" in match["options"] or match["series"] in GRAVITON_SERIES
    store = "d" in match["options"] or match["series"] in SERIES_WITH_INSTANCE_STORE
    return InstanceType(name, "arm64" if graviton else "x86_64", store)
