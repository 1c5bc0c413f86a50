"""The zones that the network stands in, as the account knows them: looked up before anything is made.

AWS deals out the letters of zone names anew in each account, so that only the ids say which zone is meant. Leaves out
whether a zone offers every instance type.
"""

from collections.abc import Iterable, Mapping
from typing import cast

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.model import Violation
from components.regions import region_of
from components.settings_error import SettingsError

# Local Zones and Wavelength Zones have names and types of their own, and take no control plane.
ORDINARY_ZONES = aws.GetAvailabilityZonesFilterArgs(name="zone-type", values=["availability-zone"])


def rules_of_zone_ids(region: str, zones: Iterable[str], ids: Mapping[str, str]) -> Iterable[Violation]:
    """Every zone is one of the account's, and one that takes a control plane.

    Args:
        region: the environment's Region.
        zones: names of the network's zones.
        ids: name of every zone that the account has in the Region to its id, such as use1-az1.
    """
    refused = region_of(region).zone_ids_without_control_plane
    choices = ", ".join(sorted(name for name, identifier in ids.items() if identifier not in refused))
    for zone in zones:
        if zone not in ids:
            yield Violation(
                f"network.zones.{zone}",
                zone,
                "must be an availability zone of the account",
                "AWS gives each account zones of its own choice, and letters to them",
                f"take some of {choices}",
            )
        elif ids[zone] in refused:
            yield Violation(
                f"network.zones.{zone}",
                zone,
                f"must not be zone {ids[zone]}, which this account calls {zone}",
                "Amazon EKS takes no subnet of a cluster there",
                f"take some of {choices}",
            )


def require_usable_zones(zones: Iterable[str], account: Account, provider: aws.Provider) -> None:
    """Ask the account for its zones, in a preview too, and refuse a network that can't stand in its own.

    Args:
        zones: names of the network's zones.
        account: the environment's account.
        provider: the AWS provider of the account.

    Raises:
        SettingsError: naming every zone that can't be used, and those that can.
    """
    answer = aws.get_availability_zones(filters=[ORDINARY_ZONES], opts=pulumi.InvokeOptions(provider=provider))
    ids = dict(zip(cast(list[str], answer.names), cast(list[str], answer.zone_ids), strict=True))
    if violations := list(rules_of_zone_ids(account.region, zones, ids)):
        raise SettingsError.of_violations(pulumi.get_stack(), violations)
