"""Nodes that come when pods wait, and go when nothing needs them."""

from collections.abc import Mapping

import pulumi

from components.account import Account
from components.capacity.fixed_nodes import FixedNodes, NodeSite
from components.capacity.karpenter import Karpenter
from components.capacity.node_pools import NodePools
from components.capacity.settings import NodePoolSettings
from components.charts.settings import ChartsSettings


class ElasticNodes(pulumi.ComponentResource):
    """Karpenter and its pools; nothing where no pool is set.

    Args:
        name: logical name.
        settings: node pool name to its settings.
        charts: where charts come from.
        account: the environment's account.
        site: where nodes stand.
        fixed: the fixed nodes, whose role and backends in AWS these share.
        cluster_endpoint: URL of the API server.
        opts: its providers must hold the cluster's Kubernetes provider; it waits for nodes and add-ons.
    """

    def __init__(
        self,
        name: str,
        settings: Mapping[str, NodePoolSettings],
        charts: ChartsSettings,
        account: Account,
        *,
        site: NodeSite,
        fixed: FixedNodes,
        cluster_endpoint: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ElasticNodes", name, None, opts)
        if settings:
            karpenter = Karpenter(
                "karpenter",
                charts,
                account,
                cluster_endpoint=cluster_endpoint,
                queue_name=fixed.backends.queue_name,
                most_nodes=sum(each.most_nodes for each in settings.values()),
                opts=pulumi.ResourceOptions(parent=self),
            )
            NodePools(
                "node-pools",
                settings,
                account,
                instance_profile=fixed.role.instance_profile,
                security_group_id=site.security_group_id,
                subnet_ids=site.subnet_ids,
                release=site.release,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[karpenter]),
            )
        self.register_outputs({})
