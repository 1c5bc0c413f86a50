"""The look-ups the offline AWS provider answers. To add one, add a function and a line to `DATA_SOURCES`.

Look-ups that would hand out credentials are left out on purpose: a program needs none.
"""

from collections.abc import Callable
from typing import Any

from offline.providers.aws.account import Account
from offline.providers.aws.inventory import Inventory
from offline.providers.aws.zones import ORDINARY, zones_of
from offline.providers.resource import RefusalError
from offline.providers.values import Properties

# Newest build of each add-on for Kubernetes 1.35 when this was written (2026-11). Only shape matters: a version that
# decides anything is pinned in the settings.
_ADDON_VERSIONS = {
    "vpc-cni": "v1.20.4-eksbuild.2",
    "kube-proxy": "v{minor}.0-eksbuild.2",
    "coredns": "v1.12.4-eksbuild.1",
}


def _partition(account: Account, _: Properties) -> Properties:
    reverse = ".".join(reversed(account.suffix.split(".")))
    return {"partition": account.partition, "dnsSuffix": account.suffix, "reverseDnsPrefix": reverse}


def _caller_identity(account: Account, _: Properties) -> Properties:
    user = f"arn:{account.partition}:sts::{account.number}:assumed-role/offline/offline"
    return {"accountId": account.number, "arn": user, "userId": "AROAOFFLINE:offline"}


def _region(account: Account, arguments: Properties) -> Properties:
    region = arguments.get("region") or account.region
    return {"region": region, "name": region, "endpoint": f"ec2.{region}.{account.suffix}", "description": region}


def _addon_version(account: Account, arguments: Properties) -> Properties:
    template = _ADDON_VERSIONS.get(arguments["addonName"], "v1.0.0-eksbuild.1")
    version = template.format(minor=arguments["kubernetesVersion"])
    return {**arguments, "version": version, "region": account.region}


def _availability_zones(account: Account, arguments: Properties) -> Properties:
    found = zones_of(account)
    for condition in arguments.get("filters") or ():
        if condition["name"] not in ("zone-id", "zone-name", "zone-type"):
            raise RefusalError(f"the offline AWS provider filters no zones by {condition['name']}: add it")
        key = condition["name"].removeprefix("zone-")
        found = [each for each in found if getattr(each, key if key != "id" else "identifier") in condition["values"]]
    names = [each.name for each in found]
    groups = sorted({each.name if each.type != ORDINARY else account.region for each in found})
    return {**arguments, "names": names, "zoneIds": [each.identifier for each in found], "groupNames": groups}


def _clusters(_: Account, inventory: Inventory, __: Properties) -> Properties:
    return {"names": sorted(inventory.control_planes())}


def _cluster(account: Account, inventory: Inventory, arguments: Properties) -> Properties:
    name = arguments["name"]
    version = inventory.control_planes().get(name)
    if version is None:
        raise RefusalError(
            f"reading EKS Cluster ({name}): ResourceNotFoundException: No cluster found for name: {name}"
        )
    arn = f"arn:{account.partition}:eks:{account.region}:{account.number}:cluster/{name}"
    return {"name": name, "arn": arn, "status": "ACTIVE", "version": version, "region": account.region}


DATA_SOURCES: dict[str, Callable[[Account, Properties], Properties]] = {
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:eks/getAddonVersion:getAddonVersion": _addon_version,
}


# Those that depend on what exists in the account.
OF_WHAT_EXISTS: dict[str, Callable[[Account, Inventory, Properties], Properties]] = {
    "aws:eks/getClusters:getClusters": _clusters,
    "aws:eks/getCluster:getCluster": _cluster,
}


def answer(token: str, arguments: Properties, account: Account, inventory: Inventory) -> Any:
    """Answer one look-up.

    Args:
        token: of the invoke.
        arguments: its arguments.
        account: the provider's.
        inventory: what exists in it.

    Raises:
        RefusalError: for a look-up the offline cloud does not know.
    """
    if token in OF_WHAT_EXISTS:
        return {"id": f"offline-{account.region}", **OF_WHAT_EXISTS[token](account, inventory, arguments)}
    source = DATA_SOURCES.get(token)
    if source is None:
        raise RefusalError(
            f"the offline AWS provider does not answer {token}.\n"
            f"Add it to DATA_SOURCES in offline/providers/aws/data_sources.py, or pass the value as a setting."
        )
    return {"id": f"offline-{account.region}", **source(account, arguments)}
