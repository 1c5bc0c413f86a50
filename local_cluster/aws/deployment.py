"""The stack's deployment as the emulated AWS reads it: which resources there are, and where the account is.

It is read again whenever the engine has written it. Leaves out values that the state keeps encrypted.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from offline.providers.values import plain
from offline.state import latest_deployment

CLUSTER = "aws:eks/cluster:Cluster"


@dataclass(frozen=True)
class AwsResource:
    """One resource of the stack.

    Args:
        type: its token, such as aws:kms/key:Key.
        name: its logical name.
        identifier: what AWS calls it.
        inputs: as the program gave them.
        outputs: as AWS answered.
    """

    type: str
    name: str
    identifier: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @property
    def arn(self) -> str:
        """Its ARN; empty where it has none."""
        return self.outputs.get("arn", "")


class Deployment:
    """What exists of AWS at one moment.

    Args:
        content: as `pulumi stack export` has it under `deployment`.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._resources: dict[str, list[AwsResource]] = {}
        for each in content.get("resources", []):
            if each.get("custom") and each.get("id") and each["type"].startswith("aws:"):
                found = AwsResource(
                    each["type"],
                    each["urn"].rsplit("::", 1)[-1],
                    each["id"],
                    plain(each.get("inputs", {})),
                    plain(each.get("outputs", {})),
                )
                self._resources.setdefault(found.type, []).append(found)

    def of(self, kind: str) -> Iterator[AwsResource]:
        """Resources of a type."""
        return iter(self._resources.get(kind, ()))

    @cached_property
    def cluster(self) -> AwsResource | None:
        """The stack's EKS cluster; None before it is made."""
        return next(self.of(CLUSTER), None)

    @property
    def partition(self) -> str:
        """The partition of the stack's account."""
        return self._of_an_arn(1, "aws")

    @property
    def region(self) -> str:
        """The stack's Region; empty while nothing exists that names it."""
        return self._of_an_arn(3, "")

    @property
    def account_id(self) -> str:
        """The stack's account; empty while nothing exists that names it."""
        return self._of_an_arn(4, "")

    def _of_an_arn(self, part: int, otherwise: str) -> str:
        return self._arn.split(":")[part] if self._arn else otherwise

    @cached_property
    def _arn(self) -> str:
        """An ARN with account and Region."""
        every = (each for resources in self._resources.values() for each in resources)
        return next((each.arn for each in every if each.arn.count(":") >= 5 and all(each.arn.split(":")[3:5])), "")


class DeploymentFile:
    """The file in which the engine keeps the deployment.

    Args:
        path: it may not exist yet, which means that nothing does.
        beside: a file of what else exists in the account.
    """

    def __init__(self, path: Path, beside: Path | None = None) -> None:
        self._paths = [path] if beside is None else [path, beside]
        self._lock = threading.Lock()
        self._seen: list[tuple[int, int, int]] | None = None
        self._latest = Deployment({})

    def latest(self) -> Deployment:
        """What exists now; the same object until something changes."""
        with self._lock:
            seen = [_state(path) for path in self._paths]
            if seen != self._seen:
                try:
                    deployments = [latest_deployment(path) for path in self._paths]
                    resources = [each for found in deployments for each in found.get("resources", [])]
                    self._latest = Deployment({"resources": resources})
                except ValueError:
                    # The engine is writing; what stood there before holds until it is done.
                    return self._latest
                self._seen = seen
            return self._latest


def _state(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
