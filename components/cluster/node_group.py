"""A group of like nodes that Amazon EKS keeps running: what they are, how many, how they boot, how they are replaced.

A group is fixed capacity: its number of nodes stands in the settings and has no other owner, so an autoscaler must
not be pointed at it. Leaves out elastic capacity, and the nodes' role and network.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cluster.node_config import encoded_user_data, node_config
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.node_launch import (
    METADATA_HOPS,
    ROOT_DEVICE,
    ROOT_VOLUME_TYPE,
    instance_tags,
    kubernetes_version_of,
    node_labels,
    node_taints,
)

# One AMI family for both processors, so that their nodes differ in nothing else.
AMI_TYPES = {"x86_64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"}
CAPACITY_TYPES = {"on-demand": "ON_DEMAND", "spot": "SPOT"}
TAINT_EFFECTS = {"NoSchedule": "NO_SCHEDULE"}
# A node that is rolled ends the Spark drivers on it, and moves platform pods whose replicas another one may hold.
ONE_AT_A_TIME = aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1)
# Executors come back elsewhere; Amazon EKS rolls a hundred nodes at once at most.
A_THIRD_AT_A_TIME = aws.eks.NodeGroupUpdateConfigArgs(max_unavailable_percentage=33)


class NodeGroup(pulumi.ComponentResource):
    """One managed node group with a launch template of its own.

    Spark groups are tainted with their workload, so only pods that ask for it come; the system group is not.

    Args:
        name: logical name, also in the names of nodes; such as executor-graviton.
        settings: workload, instance types, number of nodes, disk.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it.
        node_role_arn: role of the nodes.
        security_group_id: security group of the nodes.
        subnet_ids: node subnets, one a zone.
        release: AMI release, such as 1.35.7-20260827; its minor version is the cluster's.
        after: what a booting node and its pods need: cluster with CNI and pod identity agent, network with routes and
            endpoints, and every pod identity, because credentials are injected only when a pod is admitted.

    Source: Amazon EKS user guide, "Customize managed nodes with launch templates".
    """

    def __init__(
        self,
        name: str,
        settings: NodeGroupSettings,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        node_role_arn: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        release: str,
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:NodeGroup", name, None, opts)
        self._name = name
        self._settings = settings
        self._account = account
        template = self._make_launch_template(security_group_id)
        self._nodes = aws.eks.NodeGroup(
            f"{name}-nodes",
            cluster_name=cluster_name,
            # A prefix lets a replacement stand beside the old group until that one is drained.
            node_group_name_prefix=f"{name}-",
            node_role_arn=node_role_arn,
            subnet_ids=list(subnet_ids),
            ami_type=AMI_TYPES[settings.architecture],
            version=kubernetes_version_of(release),
            release_version=release,
            capacity_type=CAPACITY_TYPES[settings.capacity],
            instance_types=list(settings.instance_types),
            # Amazon EKS takes no maximum below one.
            scaling_config={
                "min_size": settings.size,
                "desired_size": settings.size,
                "max_size": max(settings.size, 1),
            },
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            labels=node_labels(settings.workload),
            taints=_taints(settings.workload),
            update_config=A_THIRD_AT_A_TIME if settings.workload == "spark-executor" else ONE_AT_A_TIME,
            node_repair_config={"enabled": True},
            opts=pulumi.ResourceOptions(
                parent=self,
                # Nodes that boot before their CNI or routes never turn ready.
                depends_on=list(after),
            ),
        )
        self.register_outputs({})

    def autoscaling_group(self) -> pulumi.Output[str]:
        """Name of the Auto Scaling group that Amazon EKS keeps the nodes in; known once the group exists."""
        return self._nodes.resources.apply(
            lambda made: next(str(group.name) for each in made for group in each.autoscaling_groups or ())
        )

    def _make_launch_template(self, security_group_id: pulumi.Input[str]) -> aws.ec2.LaunchTemplate:
        tags = instance_tags(self._name, self._settings.workload, self._account)
        return aws.ec2.LaunchTemplate(
            f"{self._name}-nodes",
            description=f"Nodes of group {self._name}",
            update_default_version=True,
            vpc_security_group_ids=[security_group_id],
            metadata_options={
                "http_endpoint": "enabled",
                "http_tokens": "required",
                "http_put_response_hop_limit": METADATA_HOPS,
                "instance_metadata_tags": "disabled",
            },
            block_device_mappings=[
                {
                    "device_name": ROOT_DEVICE,
                    "ebs": {
                        "volume_type": ROOT_VOLUME_TYPE,
                        "volume_size": self._settings.root_volume_gib,
                        "encrypted": "true",
                        "delete_on_termination": "true",
                    },
                }
            ],
            # Tags of the group and of the provider don't reach what EC2 launches.
            tag_specifications=[{"resource_type": kind, "tags": tags} for kind in ("instance", "volume")],
            user_data=encoded_user_data(
                node_config(
                    self._settings.max_pods,
                    self._settings.has_nvme,
                    fast_image_pull=self._settings.fast_image_pull,
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _taints(workload: str) -> list[aws.eks.NodeGroupTaintArgs]:
    """Taints in Amazon EKS's own spelling."""
    return [
        aws.eks.NodeGroupTaintArgs(key=each.key, value=each.value, effect=TAINT_EFFECTS[each.effect])
        for each in node_taints(workload)
    ]
