"""Our values in the shapes that pulumi-eks takes.

Both are plain arguments of `eks.Cluster`, not outputs: nothing here can wait for another resource.
"""

from collections.abc import Mapping

import pulumi_aws as aws
import pulumi_eks as eks

from components.cluster.access import Access
from components.network.capacity import WARM_PREFIXES


def access_entries(plan: Mapping[str, Access]) -> dict[str, eks.AccessEntryArgs]:
    """Access entries whose policies hold in the whole cluster, and groups that roles of namespaces are bound to.

    Args:
        plan: entry key to what a role may do.
    """
    whole_cluster = aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster")
    return {
        key: eks.AccessEntryArgs(
            principal_arn=access.principal_arn,
            access_policies={
                name: eks.AccessPolicyAssociationArgs(access_scope=whole_cluster, policy_arn=arn)
                for name, arn in access.policy_arns.items()
            },
            kubernetes_groups=list(access.groups) or None,
        )
        for key, access in plan.items()
    }


def vpc_cni_options(version: str) -> eks.VpcCniOptionsArgs:
    """The VPC CNI as the address plan counts on it: whole prefixes, one of them warm.

    Args:
        version: the pinned version of the add-on.
    """
    return eks.VpcCniOptionsArgs(
        addon_version=version,
        enable_prefix_delegation=True,
        warm_prefix_target=WARM_PREFIXES,
        log_level="INFO",
        # The add-on's schema asks for a string: a boolean is refused.
        configuration_values={"enableNetworkPolicy": "true"},
    )
