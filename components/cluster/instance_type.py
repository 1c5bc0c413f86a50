"""What Amazon EC2 says of its instance types: facts from a table, never from the shape of a name.

The table is made from Amazon EC2's answers by `make facts` (`tools/instance_types.py`). Leaves out types with
accelerators and Macs, for which the standard AMI is not made, and prices.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Literal, cast

Architecture = Literal["x86_64", "arm64"]

TABLE = Path(__file__).parent / "files" / "instance_types.csv"
OFFERINGS = TABLE.with_name("instance_type_offerings.json")


@dataclass(frozen=True)
class InstanceType:
    """One EC2 instance type, such as r7gd.4xlarge.

    Args:
        name: the full name.
        architecture: of its processors.
        vcpus: virtual processors, as many as EC2 gives it by default.
        memory_mib: memory.
        interfaces: most network interfaces on its first network card.
        addresses: most private IPv4 addresses of an interface, its own among them.
        is_nitro: whether it is built on the Nitro System, whose interfaces take prefixes of addresses.
        has_nvme: whether it carries local volumes that show as NVMe devices.
        nvme_gb: size of these volumes together, in units of 1,000,000,000 bytes.

    Source: Amazon EC2 API, DescribeInstanceTypes.
    """

    name: str
    architecture: Architecture
    vcpus: int
    memory_mib: int
    interfaces: int
    addresses: int
    is_nitro: bool
    has_nvme: bool
    nvme_gb: int


COLUMNS = tuple(field.name for field in fields(InstanceType))


@cache
def known_types() -> Mapping[str, InstanceType]:
    """Every type of the table by its name."""
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{TABLE} has other columns than {', '.join(COLUMNS)}: run make facts")
    return {row["name"]: _read(row) for row in rows}


def instance_type(name: str) -> InstanceType:
    """An instance type by its name.

    Raises:
        ValueError: when the table has none; settings say so beforehand.
    """
    if name not in known_types():
        raise ValueError(f"{name!r} is no instance type of {TABLE.name}")
    return known_types()[name]


def family_of(name: str) -> str:
    """Family of an instance type, such as r7gd of r7gd.4xlarge."""
    return name.partition(".")[0]


def alternatives(name: str) -> list[str]:
    """What somebody may have meant by a name that is no instance type: its family, or what is spelt much like it."""
    family = [each for each in known_types() if family_of(each) == family_of(name)]
    ordered = sorted(family, key=lambda each: (known_types()[each].vcpus, each))
    return ordered or get_close_matches(name, known_types(), n=3)


def is_offered(name: str, region: str) -> bool:
    """Whether a Region offers an instance type, in one of its zones at least.

    Args:
        name: of a type in the table.
        region: a Region that is served.

    Source: Amazon EC2 API, DescribeInstanceTypeOfferings.
    """
    return not {name, family_of(name)}.isdisjoint(_offerings()[region])


@cache
def _offerings() -> Mapping[str, Iterable[str]]:
    return {region: frozenset(names) for region, names in json.loads(OFFERINGS.read_text()).items()}


def _read(row: Mapping[str, str]) -> InstanceType:
    return InstanceType(
        name=row["name"],
        architecture=cast(Architecture, row["architecture"]),
        vcpus=int(row["vcpus"]),
        memory_mib=int(row["memory_mib"]),
        interfaces=int(row["interfaces"]),
        addresses=int(row["addresses"]),
        is_nitro=row["is_nitro"] == "True",
        has_nvme=row["has_nvme"] == "True",
        nvme_gb=int(row["nvme_gb"]),
    )
