"""The zones of an emulated account, and the letters that it knows them by.

AWS deals letters out anew in each account; so does this, always the same in the same account. The zones in which Amazon
EKS places nothing come last, so that the first letters, which examples use, are good in every account.
"""

import hashlib
from dataclasses import dataclass
from string import ascii_lowercase

from offline.providers.aws.account import Account
from offline.providers.aws.recorded import zone_ids
from offline.providers.resource import RefusalError

ORDINARY = "availability-zone"
# Amazon EKS user guide, "View Amazon EKS networking requirements for VPC and subnets", disallowed zone ids.
WITHOUT_CONTROL_PLANE = frozenset({"use1-az3", "usw1-az2", "cac1-az3"})
# A Local Zone that the account has opted into.
_LOCAL_ZONES = {"us-east-1": ("us-east-1-bos-1a", "use1-bos1-az1")}


@dataclass(frozen=True)
class Zone:
    """One zone as an account sees it: its name there, the id that all accounts share, and its type."""

    name: str
    identifier: str
    type: str


def zones_of(account: Account) -> list[Zone]:
    """The account's zones in the provider's Region, ordered by name.

    Raises:
        RefusalError: for a Region whose zones are not recorded.
    """
    identifiers = zone_ids(account.region)
    if not identifiers:
        raise RefusalError(f"the offline AWS provider knows no zones of {account.region}: no record of it is in moto")

    def dealt(identifier: str) -> tuple[bool, str]:
        order = hashlib.sha256(f"{account.number} {identifier}".encode()).hexdigest()
        return identifier in WITHOUT_CONTROL_PLANE, order

    names = (account.region + letter for letter in ascii_lowercase)
    zones = [Zone(name, each, ORDINARY) for name, each in zip(names, sorted(identifiers, key=dealt), strict=False)]
    local = _LOCAL_ZONES.get(account.region)
    return sorted([*zones, *([Zone(*local, "local-zone")] if local else [])], key=lambda zone: zone.name)
