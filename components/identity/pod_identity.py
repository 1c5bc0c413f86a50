"""The AWS permissions of one Kubernetes service account, by EKS Pod Identity."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.identity.pod_role import pod_role_name
from components.identity.policies import pod_identity_trust


class PodIdentity(pulumi.ComponentResource):
    """An IAM role that one service account's pods receive, and nobody else.

    It must stand before the first node: Amazon EKS gives a pod credentials only when it is admitted, and an association
    takes effect some seconds after it was made, so a pod that came earlier has none for life. Namespace and service
    account may come later. The pod identity agent is installed ahead of nodes, too (`cluster/addons.py`).

    Args:
        name: logical name, such as fluent-bit.
        account: the environment's account.
        cluster_name: name of the cluster, as an output of it so that the association waits for the cluster.
        namespace: Kubernetes namespace of the service account.
        service_account: its name.
        policy: the role's inline policy document, for the platform's own workloads.
        managed_policy: name of the policy that AWS manages, with its path, for add-ons: it changes with their
            versions, and AWS keeps both in step. With neither of the two the role may do nothing.

    Outputs:
        role_arn: ARN of the role.

    Source: Amazon EKS user guide, "Learn how EKS Pod Identity grants pods access to AWS services", "Assign an IAM role
    to a Kubernetes service account" and "Retrieve IAM information about an Amazon EKS add-on"; Amazon EKS API
    reference, CreatePodIdentityAssociation.
    """

    role_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        cluster_name: pulumi.Input[str],
        namespace: str,
        service_account: str,
        policy: pulumi.Input[Mapping[str, Any]] | None = None,
        managed_policy: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:PodIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-pod",
            name=pod_role_name(name, account),
            description=f"Pods of service account {namespace}/{service_account}",
            assume_role_policy=json.dumps(pod_identity_trust(account)),
            opts=child,
        )
        grants: list[pulumi.Resource] = []
        if policy is not None:
            document = pulumi.Output.from_input(policy).apply(json.dumps)
            grants.append(aws.iam.RolePolicy(f"{name}-pod", role=role.name, policy=document, opts=child))
        if managed_policy is not None:
            arn = account.managed_policy_arn(managed_policy)
            grants.append(aws.iam.RolePolicyAttachment(f"{name}-pod", role=role.name, policy_arn=arn, opts=child))
        aws.eks.PodIdentityAssociation(
            f"{name}-pod",
            cluster_name=cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=role.arn,
            # Whoever waits for the association waits for the permissions too.
            opts=pulumi.ResourceOptions(parent=self, depends_on=grants),
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})
