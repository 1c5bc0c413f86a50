"""What Amazon EC2 answered about instance types, their offers and zones, as moto's maintainers record it.

The files are read without importing moto, which takes a second. They are as old as the pinned release of moto, and hold
no Region outside the partition aws, nor its very youngest.
"""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from offline.quick_form import read_json


@cache
def recorded(path: str) -> Any:
    """One of the recorded answers; None where there is none.

    Args:
        path: below moto's EC2 resources.
    """
    spec = find_spec("moto")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("moto is missing: install requirements-offline.txt")
    file = Path(spec.origin).parent / "ec2/resources" / path
    return read_json(file) if file.exists() else None


def described(instance_type: str) -> Mapping[str, Any] | None:
    """DescribeInstanceTypes' answer for one type; None where EC2 has no such type."""
    return recorded("instance_types.json.gz").get(instance_type)


@cache
def offered_in(region: str) -> frozenset[str] | None:
    """Instance types that a Region offers; None for a Region without a record."""
    answer = recorded(f"instance_type_offerings/region/{region}.json.gz")
    return None if answer is None else frozenset(each["InstanceType"] for each in answer)


@cache
def zone_ids(region: str) -> tuple[str, ...]:
    """Ids of a Region's availability zones; empty for a Region without a record."""
    answer = recorded(f"instance_type_offerings/availability-zone-id/{region}.json.gz") or ()
    return tuple(sorted({each["Location"] for each in answer}))
