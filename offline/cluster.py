"""A Kubernetes cluster that really runs, as the engine's providers see it; `local_cluster` has one.

Without one, the objects of a stack go to an emulated provider that keeps them.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from offline.providers.aws.inventory import Inventory
from offline.providers.resource import Resource

CLUSTER = "aws:eks/cluster:Cluster"


class Cluster(Protocol):
    """What stands in for an Amazon EKS cluster's control plane and its nodes."""

    @property
    def endpoint(self) -> str:
        """URL of the API server."""
        ...

    @property
    def certificate_authority(self) -> str:
        """Base64 of the authority that signed the API server's certificate."""
        ...

    def usage(self) -> str:
        """How a person uses it, in lines."""
        ...

    def abandon(self) -> None:
        """A person stopped the command that uses it."""
        ...

    def provider(self) -> AbstractContextManager[int]:
        """Pulumi's Kubernetes provider, for one operation of the engine; the port it listens on."""
        ...

    @property
    def expects(self) -> bool:
        """Whether it has to know beforehand what an update makes."""
        ...

    def expect(self, resources: Sequence[Resource], inventory: Inventory) -> None:
        """A rehearsal went well, and an update follows it.

        Args:
            resources: everything that the stack will have.
            inventory: what exists now.
        """
        ...

    def follow(self, resource: Resource, inventory: Inventory) -> None:
        """Something of AWS was made or changed, which may mean other nodes.

        Raises:
            RefusalError: when the cluster can't follow, such as a node that can't be drained.
        """
        ...

    def forget(self, resource: Resource) -> None:
        """Something of AWS is about to be deleted.

        Raises:
            RefusalError: when the cluster can't let go of it.
        """
        ...

    def settle(self, inventory: Inventory) -> None:
        """A run has ended that changed what exists."""
        ...
