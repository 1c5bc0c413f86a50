"""What an account knows and no stack's state: what a destroy left behind, what others deleted, what can't be undone.

Kept beside the state, in `<home>/<stack>/account.json`, from one run to the next.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLUSTER = "aws:eks/cluster:Cluster"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
_CONTROL_PLANE_LOGS = re.compile(r"/aws/eks/[^/]+/cluster")


@dataclass(frozen=True)
class LeftOver:
    """Something in the account that belongs to no stack any more.

    Args:
        type: type token.
        identifier: its id.
        reason: why it is there, as a clause.
    """

    type: str
    identifier: str
    reason: str


class Memory:
    """What is left over, what somebody else deleted, which buckets ever locked, and which clusters somebody upgraded.

    Args:
        file: where it is kept; None for nowhere.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        content: Mapping[str, Any] = json.loads(file.read_text()) if file is not None and file.is_file() else {}
        self._left_over = {(each["type"], each["identifier"]): LeftOver(**each) for each in content.get("left", [])}
        self.locked_buckets: set[str] = set(content.get("locked_buckets", []))
        self._deleted = {(kind, identifier) for kind, identifier in content.get("deleted", [])}
        self.upgraded_control_planes: dict[str, str] = dict(content.get("upgraded_control_planes", {}))

    @property
    def left_over(self) -> tuple[LeftOver, ...]:
        """Everything that is left over."""
        return tuple(self._left_over.values())

    def find(self, kind: str, identifier: str) -> LeftOver | None:
        """What is left over of a type under an id."""
        return self._left_over.get((kind, identifier))

    def leave(self, left: LeftOver) -> None:
        """Something stays behind."""
        self._left_over[(left.type, left.identifier)] = left

    def forget(self, kind: str, identifier: str) -> bool:
        """Something left over is gone, or a stack's own from now on; returns whether it was there."""
        return self._left_over.pop((kind, identifier), None) is not None

    def delete(self, kind: str, identifier: str) -> None:
        """Somebody deletes a stack's resource behind its back."""
        self._deleted.add((kind, identifier))

    def is_deleted(self, kind: str, identifier: str) -> bool:
        """Whether somebody deleted it, and nobody made it again."""
        return (kind, identifier) in self._deleted

    def make(self, kind: str, identifier: str) -> None:
        """A stack makes it: it is neither left over nor deleted any more."""
        self.forget(kind, identifier)
        self._deleted.discard((kind, identifier))

    @property
    def lost_clusters(self) -> tuple[str, ...]:
        """Names of the EKS clusters that somebody deleted."""
        return tuple(identifier for kind, identifier in sorted(self._deleted) if kind == CLUSTER)

    def save(self) -> None:
        """Keep it for the next run."""
        if self._file is None:
            return
        content = {
            "left": [vars(each) for each in self.left_over],
            "deleted": sorted(self._deleted),
            "locked_buckets": sorted(self.locked_buckets),
            "upgraded_control_planes": self.upgraded_control_planes,
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(content, indent=4))


def made_again(kind: str, identifier: str) -> LeftOver | None:
    """What AWS makes anew after a deletion, as it may do on any destroy and here does on each.

    Source: terraform-aws-modules/terraform-aws-eks issues 2763 and 2446: the control plane's last lines arrive after
    its log group is deleted, and Amazon EKS makes another, without key and retention.
    """
    if kind == LOG_GROUP and _CONTROL_PLANE_LOGS.fullmatch(identifier):
        return LeftOver(kind, identifier, "Amazon EKS made it again for the last lines of its control plane")
    return None
