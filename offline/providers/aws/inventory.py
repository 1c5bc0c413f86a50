"""What exists in the emulated account at this moment, so that a change can be refused for what stands there.

Leaves out what other stacks hold, and objects in buckets unless a resource of the stack put them there or a caller
says that the buckets are in use.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from offline.providers.aws.memory import CLUSTER, LeftOver, Memory, made_again
from offline.providers.kubernetes.volumes import Volumes
from offline.providers.resource import Resource
from offline.providers.values import plain

_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
_BUCKET = "aws:s3/bucket:Bucket"
_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


class Inventory:
    """The stack's AWS resources, kept up to date by the provider.

    Args:
        resources: what exists already.
        buckets_are_filled: whether every bucket holds objects; the offline cloud stores none, so only a caller knows.
        memory: what the account keeps beside the stack's resources.
        owners: URN of a resource to the URN of the one whose deletion takes it along.
        volumes: the volumes of the cluster's claims.
    """

    def __init__(
        self,
        resources: Iterable[Resource] = (),
        buckets_are_filled: bool = False,
        *,
        memory: Memory | None = None,
        owners: Mapping[str, str] | None = None,
        volumes: Volumes | None = None,
    ) -> None:
        self._resources = {(each.urn, each.identifier): each for each in resources}
        self._owners = dict(owners or {})
        self.buckets_are_filled = buckets_are_filled
        self.memory = memory or Memory()
        self.volumes = volumes or Volumes()
        # The engine deletes resources side by side.
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls,
        deployment: Mapping[str, Any],
        *,
        buckets_are_filled: bool = False,
        memory: Memory | None = None,
        volumes: Volumes | None = None,
    ) -> "Inventory":
        """What a stack's deployment says exists, beside what the account remembers.

        Args:
            deployment: of the stack.
            buckets_are_filled: whether every bucket holds objects.
            memory: of the account.
            volumes: of the cluster's claims; those of the deployment's unless given.
        """
        memory = memory or Memory()
        made = [
            each
            for each in deployment.get("resources", [])
            if each.get("custom") and each.get("id") and not memory.is_deleted(each["type"], each["id"])
        ]
        resources = (
            Resource(
                urn=each["urn"],
                identifier=each["id"],
                inputs=each.get("inputs", {}),
                outputs=each.get("outputs", {}),
            )
            for each in made
            if each["type"].startswith("aws:")
        )
        owners = {each["urn"]: each["deletedWith"] for each in made if each.get("deletedWith")}
        return cls(resources, buckets_are_filled, memory=memory, owners=owners, volumes=volumes or Volumes.of(made))

    def put(self, resource: Resource) -> None:
        """Something was made or changed."""
        bucket = plain(resource.inputs.get("bucket"))
        with self._lock:
            self._resources[(resource.urn, resource.identifier)] = resource
            self.memory.make(resource.type, resource.identifier)
            if resource.type == _LOCK or (
                resource.type == _BUCKET and resource.inputs.get("objectLockEnabled") is True
            ):
                self.memory.locked_buckets.add(bucket)

    def find(self, resource: Resource) -> Resource | None:
        """What exists of a resource; None before it is made."""
        with self._lock:
            return self._resources.get((resource.urn, resource.identifier))

    def remove(self, resource: Resource) -> None:
        """Something is gone, and with it what it takes along."""
        with self._lock:
            for each in [resource, *self._taken_along(resource), *self._objects_of(resource)]:
                self._resources.pop((each.urn, each.identifier), None)
            if resource.type == _BUCKET:
                self.memory.locked_buckets.discard(resource.identifier)
            if resource.type == CLUSTER:
                self.memory.upgraded_control_planes.pop(resource.identifier, None)
            if again := made_again(resource.type, resource.identifier):
                self.memory.leave(again)

    def _taken_along(self, owner: Resource) -> list[Resource]:
        owned = [each for each in self._resources.values() if self._owners.get(each.urn) == owner.urn]
        return owned + [further for each in owned for further in self._taken_along(each)]

    def _objects_of(self, bucket: Resource) -> list[Resource]:
        """What lies in a bucket: none goes before it is empty, so its objects are gone by then."""
        return [
            each
            for each in self._resources.values()
            if each.type == _OBJECT and bucket.type == _BUCKET and plain(each.inputs["bucket"]) == bucket.identifier
        ]

    def others(self, resource: Resource) -> tuple[Resource, ...]:
        """Everything that exists beside a resource, but for what goes along with it: that is never in its way."""
        with self._lock:
            own = {(each.urn, each.identifier) for each in (resource, *self._taken_along(resource))}
            return tuple(each for at, each in self._resources.items() if at not in own)

    @property
    def everything(self) -> tuple[Resource, ...]:
        """Everything that exists."""
        with self._lock:
            return tuple(self._resources.values())

    def control_planes(self) -> dict[str, str]:
        """Name of each EKS cluster to the minor version at which it runs, whoever upgraded it."""
        clusters = [each for each in self.everything if each.type == CLUSTER]
        upgraded = self.memory.upgraded_control_planes
        return {each.identifier: upgraded.get(each.identifier) or plain(each.inputs["version"]) for each in clusters}

    def parts_of(self, resource: Resource) -> tuple[Resource, ...]:
        """What goes along with a resource."""
        with self._lock:
            return tuple(self._taken_along(resource))

    def settle(self, deployment: Mapping[str, Any]) -> None:
        """The run has ended: what exists and is not in the state stays in the account, and is remembered."""
        stated = [each for each in deployment.get("resources", []) if each.get("id")]
        known = {(each["urn"], each["id"]) for each in stated}
        for each in stated:
            # A state that was brought back owns again what a lost one had left.
            self.memory.forget(each["type"], each["id"])
        for urn, identifier in self._resources.keys() - known:
            kind = self._resources[(urn, identifier)].type
            self.memory.leave(LeftOver(kind, identifier, "the stack let go of it and left it there"))
        self.memory.save()
