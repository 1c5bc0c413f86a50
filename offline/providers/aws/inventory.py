"""What exists in the emulated account at this moment, so that a deletion can be refused for what still stands there.

Leaves out what other stacks hold, and objects in buckets unless a resource of the stack put them there or a caller
says that the buckets are in use.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from offline.providers.resource import Resource


class Inventory:
    """The stack's AWS resources, kept up to date by the provider.

    Args:
        resources: what exists already.
        buckets_are_filled: whether every bucket holds objects; the offline cloud stores none, so only a caller knows.
    """

    def __init__(self, resources: Iterable[Resource] = (), buckets_are_filled: bool = False) -> None:
        self._resources = {(each.urn, each.identifier): each for each in resources}
        self.buckets_are_filled = buckets_are_filled
        # The engine deletes resources side by side.
        self._lock = threading.Lock()

    @classmethod
    def of(cls, deployment: Mapping[str, Any], *, buckets_are_filled: bool = False) -> "Inventory":
        """What a stack's deployment says exists."""
        made = [each for each in deployment.get("resources", []) if each.get("custom") and each.get("id")]
        resources = (
            Resource(
                urn=each["urn"],
                identifier=each["id"],
                inputs=each.get("inputs", {}),
                outputs=each.get("outputs", {}),
            )
            for each in made
            # What goes along with its owner is never in that owner's way.
            if each["type"].startswith("aws:") and not each.get("deletedWith")
        )
        return cls(resources, buckets_are_filled)

    def put(self, resource: Resource) -> None:
        """Something was made or changed."""
        with self._lock:
            self._resources[(resource.urn, resource.identifier)] = resource

    def remove(self, resource: Resource) -> None:
        """Something is gone."""
        with self._lock:
            self._resources.pop((resource.urn, resource.identifier), None)

    def others(self, resource: Resource) -> tuple[Resource, ...]:
        """Everything that exists beside a resource."""
        key = (resource.urn, resource.identifier)
        with self._lock:
            return tuple(each for at, each in self._resources.items() if at != key)
