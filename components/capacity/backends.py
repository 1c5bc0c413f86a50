"""What Karpenter uses in AWS, and who it is there, before its first pod exists.

It stands in environments without a pool as well. Once a running one gets its first pool no node waits for anything any
more, and new pods would come as soon as a new association. Leaves out who the nodes are that it launches
(`cluster/node_role.py`).
"""

from collections.abc import Sequence

import pulumi

from components.account import Account
from components.capacity.interruptions import InterruptionQueue
from components.capacity.names import NAMESPACE, SERVICE_ACCOUNT
from components.capacity.policies import controller_policy
from components.identity.pod_identity import PodIdentity


class CapacityBackends(pulumi.ComponentResource):
    """The queue of interruptions, and the role of Karpenter's pods.

    Args:
        name: logical name.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that the association waits for the cluster.
        node_role_arn: role of the nodes.
        security_group_id: security group of the nodes.
        subnet_ids: node subnets, one a zone.

    Outputs:
        queue_name: name of the queue.
        role_arn: ARN of the role.
    """

    queue_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        node_role_arn: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:CapacityBackends", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        queue = InterruptionQueue("interruptions", account, opts=child)
        controller = PodIdentity(
            "karpenter",
            account,
            cluster_name=cluster_name,
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
            policy=pulumi.Output.all(node_role_arn, queue.arn, security_group_id, *subnet_ids).apply(
                lambda each: controller_policy(
                    account,
                    node_role_arn=each[0],
                    queue_arn=each[1],
                    security_group_id=each[2],
                    subnet_ids=each[3:],
                )
            ),
            opts=child,
        )
        self.queue_name, self.role_arn = queue.name, controller.role_arn
        self.register_outputs({"queue_name": self.queue_name, "role_arn": self.role_arn})
