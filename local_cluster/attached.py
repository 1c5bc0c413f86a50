"""A cluster in place of Amazon EKS's, as the engine's providers see it (`offline.cluster.Cluster`).

What happens to node groups, add-ons and access in the account happens to the cluster: its nodes come and go, add-ons
bring their pods, and its control plane hears whom it must know.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from local_cluster import provider
from local_cluster.account import ASKED_FOR, write_account
from local_cluster.addons import ADDON, VolumesLeftError, put_addon, put_addons, remove_addon
from local_cluster.cluster import LocalCluster
from local_cluster.nodes.node_groups import NodeError, NodeGroups
from local_cluster.nodes.plan import GROUP
from local_cluster.nodes.real.real_nodes import RealNodes
from local_cluster.programs.project import find
from local_cluster.programs.provider import PROVIDER
from local_cluster.usage import usage
from offline.progress import Say
from offline.providers.aws.inventory import Inventory
from offline.providers.resource import RefusalError, Resource


class AttachedCluster:
    """A cluster that follows its account.

    Args:
        cluster: the cluster; it runs.
        report: where signs of life go.
    """

    def __init__(self, cluster: LocalCluster, report: Say) -> None:
        self._cluster, self._report = cluster, report
        self._writing = threading.Lock()

    @property
    def endpoint(self) -> str:
        """URL of the API server."""
        return self._cluster.endpoint

    @property
    def certificate_authority(self) -> str:
        """Base64 of the authority that signed the API server's certificate."""
        return self._cluster.certificate_authority

    def usage(self) -> str:
        """How a person uses it, in lines."""
        return usage(self._cluster)

    def abandon(self) -> None:
        """End the cluster if this process started it."""
        self._cluster.abandon()

    @contextmanager
    def provider(self) -> Iterator[int]:
        """Pulumi's Kubernetes provider, for one operation of the engine; yields its port."""
        program = find([PROVIDER], self._report)["pulumi-resource-kubernetes"]
        with provider.serve(program, self._cluster.directory) as port:
            yield port

    @property
    def expects(self) -> bool:
        """Whether containers run, whose images must be there before their pods are."""
        return RealNodes(self._cluster, self._report).are_asked_for

    def expect(self, resources: Sequence[Resource], inventory: Inventory) -> None:
        """Give real nodes the images of the pods that the next update makes."""
        RealNodes(self._cluster, self._report).prepare(resources, inventory.everything)

    def follow(self, resource: Resource, inventory: Inventory) -> None:
        """Give the cluster the nodes of a node group that was made or changed, and tell it whom it must know."""
        if resource.type in ASKED_FOR:
            self.settle(inventory)
        resources = inventory.everything
        with self._asking():
            if resource.type == GROUP:
                RealNodes(self._cluster, self._report).put(resource, resources)
                # Some add-ons run more pods where there are more nodes.
                put_addons(self._cluster.api, resources)
            elif resource.type == ADDON:
                put_addon(self._cluster.api, resource, resources)

    def forget(self, resource: Resource) -> None:
        """Drain and remove the nodes of a node group that is deleted, or the pods of an add-on."""
        with self._asking():
            if resource.type == GROUP:
                NodeGroups(self._cluster.api, self._report).remove(resource.name)
            elif resource.type == ADDON:
                remove_addon(self._cluster.api, resource)

    def settle(self, inventory: Inventory) -> None:
        """Write down what exists."""
        # The engine makes resources side by side.
        with self._writing:
            write_account(self._cluster.directory, inventory)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What the cluster answers to a change of the account, in the engine's words."""
        try:
            yield
        except (NodeError, VolumesLeftError) as error:
            raise RefusalError(str(error)) from error
        except (ApiException, HTTPError) as error:
            raise RefusalError(
                f"the cluster of {self._cluster.directory.stack} can't follow: {error}\n"
                f"`python -m local_cluster status {self._cluster.directory.stack}` says whether it runs"
            ) from error
