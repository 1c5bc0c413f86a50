"""The account and region that an AWS provider instance works in, and what follows from them.

Source of the partitions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NO_ACCOUNT = "000000000000"
_PARTITIONS = (("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"))


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
        """`aws`, `aws-cn` or `aws-us-gov`."""
        return next((name for prefix, name, _ in _PARTITIONS if self.region.startswith(prefix)), "aws")

    @property
    def suffix(self) -> str:
        """The partition's DNS suffix."""
        suffixes = (suffix for prefix, _, suffix in _PARTITIONS if self.region.startswith(prefix))
        return next(suffixes, "amazonaws.com")


def _decoded(value: Any) -> Any:
    """Provider configuration arrives with nested values as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
