"""IAM policy documents as plain dictionaries, and the trust that lets a service assume a role.

Leaves out what a single area grants: that stands in the area's own `policies.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from components.account import Account

Document = dict[str, Any]
Condition = Mapping[str, Mapping[str, str | Sequence[str]]]


def statement(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[Any],
    *,
    effect: Literal["Allow", "Deny"] = "Allow",
    principal: Mapping[str, Any] | str | None = None,
    condition: Condition | None = None,
) -> Document:
    """One statement of a policy document.

    Args:
        sid: what the statement is for, letters and digits.
        actions: IAM actions, such as s3:PutObject.
        resources: ARNs; empty in a trust policy, which has none.
        effect: whether it allows or denies.
        principal: who, in policies that stand on a resource or a role.
        condition: operator to key to values.
    """
    parts: Document = {"Sid": sid, "Effect": effect}
    if principal is not None:
        parts["Principal"] = principal
    parts["Action"] = list(actions)
    if resources:
        parts["Resource"] = list(resources)
    if condition:
        parts["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return parts


def actions(service: str, names: str) -> list[str]:
    """Actions of one service.

    Args:
        service: prefix, such as s3.
        names: names with spaces between, such as "GetObject PutObject".
    """
    return [f"{service}:{name}" for name in names.split()]


def document(*statements: Document) -> Document:
    """A policy document of the current policy language version."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def service_trust(service: str, account: Account) -> Document:
    """Trust of an AWS service that acts for this account only, such as vpc-flow-logs.

    Source: IAM user guide, "The confused deputy problem".
    """
    return document(
        statement(
            "ServiceOfThisAccount",
            ["sts:AssumeRole"],
            [],
            principal={"Service": account.service_principal(service)},
            condition={"StringEquals": {"aws:SourceAccount": account.id}},
        )
    )


def instance_trust(account: Account) -> Document:
    """Trust of EC2 instances, which assume their role through the instance profile."""
    return document(
        statement("Instances", ["sts:AssumeRole"], [], principal={"Service": account.service_principal("ec2")})
    )


def pod_identity_trust(account: Account) -> Document:
    """Trust of EKS Pod Identity for the pods of this account's one cluster.

    Source: Amazon EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity".
    """
    return document(
        statement(
            "PodsOfThisCluster",
            ["sts:AssumeRole", "sts:TagSession"],
            [],
            principal={"Service": account.service_principal("pods.eks")},
            condition={
                "StringEquals": {"aws:SourceAccount": account.id},
                "ArnEquals": {"aws:SourceArn": account.cluster_arn},
            },
        )
    )
