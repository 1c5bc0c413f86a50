"""Which Regions AWS has, what their partitions are called, and which services answer in them.

Source: botocore's data, `partitions.json` and `endpoints.json`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from botocore.loaders import create_loader

from offline.providers.resource import RefusalError


@cache
def partition_of(region: str) -> Mapping[str, Any]:
    """What botocore says of a Region's partition: `name` of it, `dnsSuffix` and others.

    Raises:
        RefusalError: when AWS has no such Region; the real provider refuses it in the same place.
    """
    for partition in create_loader().load_data("partitions")["partitions"]:
        if region in partition["regions"]:
            return partition["outputs"]
    raise RefusalError(f"Invalid AWS Region: {region}. Write the name of a Region, such as us-east-1.")


@cache
def answers_in(service: str, region: str) -> bool | None:
    """Whether a service has an endpoint in a Region; None for what botocore knows as no service of Regions.

    Args:
        service: the service's name in host names, such as eks or api.ecr.
        region: name of the Region.
    """
    known = [each["services"][service] for each in partitions() if service in each["services"]]
    if not known or not all(each.get("isRegionalized", True) for each in known):
        return None
    return any(region in each["endpoints"] for each in known)


@cache
def partitions() -> Sequence[Mapping[str, Any]]:
    """What botocore says of endpoints, a partition each; a megabyte of JSON, which is read once."""
    return create_loader().load_data("endpoints")["partitions"]
