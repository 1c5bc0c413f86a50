"""The service role of an `eks.Cluster` and its access entries.

Source: pulumi/pulumi-eks, nodejs/eks/servicerole.ts and nodejs/eks/cluster/authenticationMode.ts.
"""

import hashlib

from offline.providers.eks.arguments import compact
from offline.providers.eks.kubeconfig import as_json
from offline.providers.eks.registration import Child, Registration
from offline.providers.values import Properties

_POLICY = "policy/AmazonEKSClusterPolicy"
_ENTRY_INPUTS = ("kubernetesGroups", "principalArn", "tags", "type")


def service_role(registration: Registration, partition: str) -> tuple[Child, Child]:
    """Register the ServiceRole component; returns the role and the policy attachment the cluster waits for."""
    name = f"{registration.name}-eksRole"
    component = registration.component("eks:index:ServiceRole", name)
    statement = {
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Effect": "Allow",
        "Principal": {"Service": ["eks.amazonaws.com"]},
    }
    inputs = {
        "description": "Allows EKS to manage clusters on your behalf.",
        "assumeRolePolicy": as_json({"Version": "2012-10-17", "Statement": [statement]}),
        "tags": registration.arguments.get("tags"),
    }
    role = registration.resource(
        "aws:iam/role:Role", f"{name}-role", compact(inputs), parent=component.urn, arguments=("tags",)
    )
    digest = hashlib.sha1(f"arn:aws:iam::aws:{_POLICY}".encode(), usedforsecurity=False).hexdigest()[:8]
    attachment = registration.resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        f"{name}-{digest}",
        {"policyArn": f"arn:{partition}:iam::aws:{_POLICY}", "role": role.reference},
        parent=component.urn,
        dependencies=[role],
    )
    registration.outputs(component.urn, {"directRole": role.reference, "resolvedRole": role.reference})
    return role, attachment


def access_entries(registration: Registration, cluster: Child) -> list[Child]:
    """Register each access entry and, below it, its policy associations; returns the entries."""
    entries: dict[str, Properties] = registration.arguments.get("accessEntries") or {}
    registered = []
    for key, entry in entries.items():
        name = f"{registration.name}-{key}"
        inputs = {each: entry.get(each) for each in _ENTRY_INPUTS}
        inputs |= {"clusterName": cluster["name"], "userName": entry.get("username")}
        child = registration.resource(
            "aws:eks/accessEntry:AccessEntry",
            name,
            compact(inputs),
            dependencies=[cluster],
            arguments=("accessEntries",),
        )
        for policy, association in (entry.get("accessPolicies") or {}).items():
            shared = {"clusterName": cluster["name"], "principalArn": entry.get("principalArn")}
            registration.resource(
                "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
                f"{name}-{policy}",
                {each: association.get(each) for each in ("accessScope", "policyArn")} | shared,
                parent=child.urn,
                dependencies=[cluster, child],
                arguments=("accessEntries",),
            )
        registered.append(child)
    return registered
