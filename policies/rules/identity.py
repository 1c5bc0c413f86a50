"""Rules of roles and of repositories.

Source: Amazon EKS user guide, "EKS Pod Identity"; CIS Amazon EKS Benchmark 1.8.0, sections 5.1 and 5.2.
"""

import json
from collections.abc import Iterator
from typing import Any

from policies.resource import Resource, Rule

_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_REPOSITORY = "aws:ecr/repository:Repository"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
# What AWS manages and a role may have: each is what AWS says that its program needs, and no more.
_MANAGED = (
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEBSCSIDriverPolicyV2",
    "AmazonEKS_CNI_Policy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
)


def is_taken_by_one_cluster(role: Resource) -> Iterator[str]:
    """A pod's role is for this account's cluster: another account's could name it otherwise."""
    for each in _statements(role, "assumeRolePolicy"):
        services = each.get("Principal", {}).get("Service", "")
        if "pods.eks" not in str(services):
            continue
        keys = {key for values in each.get("Condition", {}).values() for key in values}
        for key in ("aws:SourceAccount", "aws:SourceArn"):
            if key not in keys:
                yield f"assumeRolePolicy lets Amazon EKS take the role without {key}; add the condition"


def is_bounded(role: Resource) -> Iterator[str]:
    """A role has a boundary, beyond which no policy lets it: whoever deploys could give it any other policy."""
    if not role.get("permissionsBoundary"):
        yield "permissionsBoundary is not set; name the one that the bootstrap makes (docs/bootstrap.md)"


def grants_no_whole_service(policy: Resource) -> Iterator[str]:
    """No role has every action of a service, nor of AWS."""
    for each in _statements(policy, "policy"):
        actions = each.get("Action", ())
        for action in [actions] if isinstance(actions, str) else actions:
            if each.get("Effect") == "Allow" and action.endswith("*") and action.partition(":")[2] in ("", "*"):
                yield f"policy allows {action}: name the actions that the program calls"


def has_known_managed_policies(attachment: Resource) -> Iterator[str]:
    """Of the policies that AWS manages, roles have those that were looked at."""
    arn = str(attachment.get("policyArn", ""))
    if ":iam::aws:policy/" in arn and arn.rpartition("/")[2] not in _MANAGED:
        yield f"policyArn is {arn}, which policies/rules/identity.py does not list: write a policy of what is needed"


def keeps_its_tags(repository: Resource) -> Iterator[str]:
    """A tag names the same bytes for ever, and images are encrypted with a key of the environment."""
    if repository.get("imageTagMutability") != "IMMUTABLE":
        yield "imageTagMutability is not IMMUTABLE: somebody could put other bytes under a name that runs; set it"
    if repository.get("encryptionConfigurations.0.encryptionType") != "KMS":
        yield "encryptionConfigurations names no key; name one of the environment"


def has_a_policy(endpoint: Resource) -> Iterator[str]:
    """A VPC endpoint lets this account's principals through, and nobody else."""
    if "aws:PrincipalAccount" not in str(endpoint.get("policy", "")):
        yield "policy does not ask for aws:PrincipalAccount: any credential could take data out through it; add one"


def _statements(resource: Resource, name: str) -> list[dict[str, Any]]:
    document = resource.get(name, "{}")
    return (json.loads(document) if isinstance(document, str) else document).get("Statement", [])


RULES = (
    Rule("pod-roles-are-one-clusters", (26,), "A pod's role is one cluster's", (_ROLE,), is_taken_by_one_cluster),
    Rule("roles-have-a-boundary", (60,), "Every role has a permissions boundary", (_ROLE,), is_bounded),
    Rule("no-whole-service", (27, 28), "No role has a whole service", (_ROLE_POLICY,), grants_no_whole_service),
    Rule(
        "known-managed-policies",
        (24, 28),
        "Managed policies are known ones",
        (_ATTACHMENT,),
        has_known_managed_policies,
    ),
    Rule("images-stay-what-they-are", (23,), "Tags are immutable, images encrypted", (_REPOSITORY,), keeps_its_tags),
    Rule("endpoints-have-a-policy", (44,), "Endpoints are for this account", (_ENDPOINT,), has_a_policy),
)
