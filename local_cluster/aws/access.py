"""What a request asks of AWS, as policies speak of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Access:
    """One action on one resource.

    Args:
        action: such as s3:PutObject.
        resource: ARN, or * where the action has no resource.
        context: condition keys of the request.
        owner: account of the resource; empty where nothing in the stack says so.
        through: service that asks in the caller's name, such as s3 for a key; empty for the caller's own request.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    through: str = ""


@dataclass(frozen=True)
class Call:
    """One call of an API.

    Args:
        operation: its name in the API.
        accesses: everything that it asks.
    """

    operation: str
    accesses: tuple[Access, ...]


class UnknownCallError(Exception):
    """A request of which it can't be said what it asks; it is refused rather than let through unjudged."""


def key_access(action: str, key_arn: str, service: str, region_suffix: str) -> Access:
    """Use of a key by a service in the caller's name.

    Args:
        action: such as kms:Decrypt.
        key_arn: ARN of the key.
        service: that asks, such as s3.
        region_suffix: Region and domain, such as us-east-1.amazonaws.com.
    """
    owner = key_arn.split(":")[4]
    keys = {"kms:ViaService": f"{service}.{region_suffix}", "kms:CallerAccount": owner}
    return Access(action, key_arn, keys, owner, service)
