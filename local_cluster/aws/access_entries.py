"""Who an IAM role is to the Kubernetes API, by the access entries of the cluster.

Source: Amazon EKS user guide, "Create access entries" (user names) and "Associate access policies with access entries".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from local_cluster.aws.deployment import Deployment

_ENTRY = "aws:eks/accessEntry:AccessEntry"
_ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
# aws-cli, awscli/customizations/eks/get_token.py: what the CLI calls the session for which it assumes a role.
SESSION = "EKSGetTokenAuth"


@dataclass(frozen=True)
class Association:
    """One access policy that a principal has.

    Args:
        principal_arn: ARN of the role.
        policy: name of the policy.
        namespaces: where it holds; empty for the whole cluster.
    """

    principal_arn: str
    policy: str
    namespaces: tuple[str, ...]


@dataclass(frozen=True)
class KubernetesUser:
    """Who somebody is to Kubernetes."""

    name: str
    groups: tuple[str, ...]


def policy_group(policy: str) -> str:
    """The group of those who have an access policy in the whole cluster."""
    return f"eks-access-policy:{policy}"


def entry_group(principal_arn: str) -> str:
    """The group that holds one principal alone, for what it may do in some namespaces."""
    return f"eks-access-entry:{principal_arn}"


def associations(deployment: Deployment) -> Iterator[Association]:
    """Every access policy that somebody has."""
    for each in deployment.of(_ASSOCIATION):
        scope = each.inputs.get("accessScope") or {}
        namespaces = tuple(scope.get("namespaces") or ()) if scope.get("type") == "namespace" else ()
        yield Association(each.inputs["principalArn"], each.inputs["policyArn"].rsplit("/", 1)[-1], namespaces)


def principals(deployment: Deployment) -> list[str]:
    """ARNs of the roles that people and pipelines take; nodes have entries of other types."""
    entries = deployment.of(_ENTRY)
    return [each.inputs["principalArn"] for each in entries if each.inputs.get("type", "STANDARD") == "STANDARD"]


def user_of(role_arn: str, deployment: Deployment) -> KubernetesUser | None:
    """Who a role is; None where it has no access entry."""
    entry = next((each for each in deployment.of(_ENTRY) if each.inputs["principalArn"] == role_arn), None)
    if entry is None:
        return None
    partition, account, role = role_arn.split(":")[1], role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    name = entry.inputs.get("userName") or f"arn:{partition}:sts::{account}:assumed-role/{role}/{SESSION}"
    groups: list[str] = list(entry.inputs.get("kubernetesGroups") or [])
    for each in associations(deployment):
        if each.principal_arn == role_arn:
            groups.append(entry_group(role_arn) if each.namespaces else policy_group(each.policy))
    return KubernetesUser(name.replace("{{SessionName}}", SESSION), tuple(dict.fromkeys(groups)))
