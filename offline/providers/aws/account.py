"""The account and region that an AWS provider instance works in, and what follows from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offline.providers.aws.regions import partition_of

_NO_ACCOUNT = "000000000000"


@dataclass(frozen=True)
class Account:
    """Where an emulated resource lives."""

    number: str
    region: str
    default_tags: Mapping[str, str]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Account":
        """Read a provider's configuration: the first of `allowedAccountIds`, `region` and `defaultTags`."""
        allowed = _decoded(settings.get("allowedAccountIds")) or [_NO_ACCOUNT]
        tags = (_decoded(settings.get("defaultTags")) or {}).get("tags") or {}
        return cls(str(allowed[0]), str(settings.get("region") or "us-east-1"), tags)

    @property
    def partition(self) -> str:
        """The Region's partition, such as `aws` or `aws-us-gov`."""
        return partition_of(self.region)["name"]

    @property
    def suffix(self) -> str:
        """The partition's DNS suffix."""
        return partition_of(self.region)["dnsSuffix"]


def _decoded(value: Any) -> Any:
    """Provider configuration arrives with nested values as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
