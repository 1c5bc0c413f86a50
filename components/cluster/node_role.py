"""The IAM role of every node, which does nothing but join the cluster and pull images.

Pods get their own roles by pod identity, and the hop limit of the launch template keeps them from this one. Amazon EKS
lets nodes of the role into the cluster for as long as one node group has it: the system group, on which whatever else
launches nodes runs.

Source: Amazon EKS user guide, "Create access entries" and "Delete a managed node group from your cluster".
"""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.identity.policies import Document, document, instance_trust, statement

MANAGED_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")


def join_policy() -> Document:
    """What nodeadm asks EC2 while a node joins: its own name and type.

    The minimal policy that AWS manages holds only pod identity, and without the private DNS name a node can't join.
    The actions take no resource.

    Source: awslabs/amazon-eks-ami, nodeadm examples, "Using instance ID as node name".
    """
    return document(statement("LookUpOwnName", ["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"], ["*"]))


class NodeRole(pulumi.ComponentResource):
    """One role for all nodes of an environment, whoever launches them.

    Args:
        name: logical name, such as nodes.
        account: the environment's account.

    Outputs:
        arn: ARN of the role, known once its policies are attached, and used up before they are detached.
        instance_profile: name of the profile by which others than node groups give instances the role. Karpenter could
            make profiles itself, with rights to make and change any in the account.

    Source: Amazon EKS user guide, "Amazon EKS node IAM role".
    """

    arn: pulumi.Output[str]
    instance_profile: pulumi.Output[str]

    def __init__(self, name: str, account: Account, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:NodeRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-node",
            description="Nodes of the EKS cluster",
            assume_role_policy=json.dumps(instance_trust(account)),
            opts=child,
        )
        attachments = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy}", role=role.name, policy_arn=account.managed_policy_arn(policy), opts=child
            )
            for policy in MANAGED_POLICIES
        ]
        grant = aws.iam.RolePolicy(f"{name}-join", role=role.name, policy=json.dumps(join_policy()), opts=child)
        attached = [each.id for each in attachments]
        self.arn = pulumi.Output.all(role.arn, grant.id, *attached).apply(lambda values: str(values[0]))
        whole = pulumi.ResourceOptions(parent=self, depends_on=[*attachments, grant])
        self.instance_profile = aws.iam.InstanceProfile(f"{name}-node", role=role.name, opts=whole).name
        self.register_outputs({"arn": self.arn, "instance_profile": self.instance_profile})
