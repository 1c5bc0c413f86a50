"""An environment's node pools, as the objects that Karpenter reads."""

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.capacity.node_class import node_class_spec
from components.capacity.node_pool import GROUP, KIND, node_pool_spec
from components.capacity.settings import NodePoolSettings
from components.workloads.labels import PART_OF

# A pool goes when its last node has gone. Executors have minutes to end; a driver's node waits for the driver.
DRAIN = pulumi.CustomTimeouts(delete="2h")


class NodePools(pulumi.ComponentResource):
    """One NodePool with an EC2NodeClass of its own for each pool.

    A pool is deleted before its class, and a class before Karpenter: its finalizer, and those of nodes, are Karpenter's
    to take off. Deleted in another order they would hold their objects for ever, and instances would run on. Pods that
    may not be evicted must be gone before a pool is: whoever makes namespaces of drivers makes them wait for this.

    Args:
        name: logical name, such as node-pools.
        settings: pool name to its settings.
        account: the environment's account.
        instance_profile: name of the nodes' instance profile.
        security_group_id: security group of the nodes.
        subnet_ids: zone name to its node subnet.
        release: AMI release of pools that name none.
        opts: its providers must hold the cluster's Kubernetes provider; it waits for Karpenter.

    Source: Karpenter documentation, "Disruption", NodePool deletion; aws/karpenter-provider-aws v1.14.1,
    pkg/controllers/nodeclass/controller.go, finalize; Pulumi, "Resource options", customTimeouts.
    """

    def __init__(
        self,
        name: str,
        settings: Mapping[str, NodePoolSettings],
        account: Account,
        *,
        instance_profile: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        release: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:NodePools", name, None, opts)
        for pool, each in settings.items():
            zones = each.zones or sorted(subnet_ids)
            node_class = kubernetes.apiextensions.CustomResource(
                f"{pool}-nodes",
                api_version=f"{GROUP}/v1",
                kind=KIND,
                metadata=_metadata(pool),
                spec=node_class_spec(
                    pool,
                    each,
                    account,
                    instance_profile=instance_profile,
                    security_group_id=security_group_id,
                    subnet_ids=[subnet_ids[zone] for zone in zones],
                    release=each.node_release or release,
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
            kubernetes.apiextensions.CustomResource(
                pool,
                api_version="karpenter.sh/v1",
                kind="NodePool",
                metadata=_metadata(pool),
                spec=node_pool_spec(pool, each, zones),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[node_class], custom_timeouts=DRAIN),
            )
        self.register_outputs({})


def _metadata(pool: str) -> kubernetes.meta.v1.ObjectMetaArgs:
    return kubernetes.meta.v1.ObjectMetaArgs(name=pool, labels={"app.kubernetes.io/part-of": PART_OF})
