"""Nodes whose number stands in the settings, and what those have in common with the ones that come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.account import Account
from components.capacity.backends import CapacityBackends
from components.cluster.node_group import NodeGroup
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.node_role import NodeRole


@dataclass(frozen=True)
class NodeSite:
    """Where nodes of every kind stand, and what they boot from.

    Args:
        cluster_name: name of the cluster, as an output of it.
        security_group_id: security group of all nodes.
        subnet_ids: zone name to its node subnet.
        release: AMI release of nodes whose group or pool names none.
    """

    cluster_name: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    release: str

    def subnets_of(self, zones: Sequence[str] | None) -> list[pulumi.Input[str]]:
        """Node subnets of some zones, or of all."""
        return [self.subnet_ids[zone] for zone in zones or sorted(self.subnet_ids)]


class FixedNodes(pulumi.ComponentResource):
    """The node groups, the role of all nodes, and what elastic capacity needs in AWS before its first pod exists.

    Args:
        name: logical name.
        settings: node group name to its settings.
        account: the environment's account.
        site: where they stand.
        after: what a booting node and its pods need; see `NodeGroup`.

    Outputs:
        groups: the node groups, for what waits for nodes.
        role: the role of all nodes.
        backends: what Karpenter uses in AWS.
    """

    groups: list[NodeGroup]
    role: NodeRole
    backends: CapacityBackends

    def __init__(
        self,
        name: str,
        settings: Mapping[str, NodeGroupSettings],
        account: Account,
        *,
        site: NodeSite,
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:FixedNodes", name, None, opts)
        self._settings = settings
        child = pulumi.ResourceOptions(parent=self)
        self.role = NodeRole(name, account, opts=child)
        self.backends = CapacityBackends(
            "capacity-backends",
            account,
            cluster_name=site.cluster_name,
            node_role_arn=self.role.arn,
            security_group_id=site.security_group_id,
            subnet_ids=site.subnets_of(None),
            opts=child,
        )
        self._made = {
            group: NodeGroup(
                group,
                each,
                account,
                cluster_name=site.cluster_name,
                node_role_arn=self.role.arn,
                security_group_id=site.security_group_id,
                subnet_ids=site.subnets_of(each.zones),
                release=each.node_release or site.release,
                after=[*after, self.backends],
                opts=child,
            )
            for group, each in settings.items()
        }
        self.groups = list(self._made.values())
        self.register_outputs({})

    def autoscaling_groups(self, workload: str) -> dict[str, pulumi.Output[str]]:
        """Each node group of a workload to the name of the Auto Scaling group that holds its nodes."""
        return {
            group: self._made[group].autoscaling_group()
            for group, each in self._settings.items()
            if each.workload == workload
        }
