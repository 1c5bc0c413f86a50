"""Which IAM roles may use the Kubernetes API: with which policies that Amazon EKS offers, and in which groups."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.account import Account
from components.cluster.settings import AccessSettings

CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
# Amazon EKS user guide, "Review access policy permissions": Edit changes workloads and reads their secrets, AdminView
# adds reading of nodes, volumes and other objects outside namespaces, View reads workloads without secrets.
POLICIES: dict[str, tuple[str, ...]] = {
    "admin": (CLUSTER_ADMIN,),
    "operator": ("AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy"),
    "viewer": ("AmazonEKSViewPolicy",),
    "ci": (CLUSTER_ADMIN,),
}
# An access policy gives rights and shows nowhere in who somebody is to the API server: that is the session's ARN, and
# the entry's own groups (Amazon EKS user guide, "Set a custom username for EKS access entries" and "Create an access
# entry using Kubernetes groups"). So admission policies know administrators by this group. No team's is called so,
# because a team's name holds no colon.
ADMINISTRATORS = "moka:access:admin"
GROUPS: dict[str, tuple[str, ...]] = {"admin": (ADMINISTRATORS,), "operator": (), "viewer": (), "ci": ()}


@dataclass(frozen=True)
class Access:
    """What one IAM role may do in the cluster.

    Args:
        principal_arn: ARN of the role.
        policy_arns: name of each EKS access policy to its ARN; they hold in the whole cluster.
        groups: Kubernetes groups that it belongs to: roles of namespaces are bound to them, and policies exempt them.
    """

    principal_arn: str
    policy_arns: dict[str, str] = field(default_factory=dict[str, str])
    groups: Sequence[str] = ()


def plan_access(settings: AccessSettings, members: Mapping[str, Sequence[str]], account: Account) -> dict[str, Access]:
    """One entry per role.

    Keys follow the role, not its position or kind: Amazon EKS takes one entry per role, so an entry that moved to
    another key would be made before the old one is gone, and refused.

    Args:
        settings: roles by kind.
        members: Kubernetes group to the roles that belong to it, none of which is of a kind.
        account: the environment's account.

    Returns:
        Role name, after its account's id where that is another account, to what the role may do.
    """
    entries: dict[str, Access] = {}
    for path, arn in settings.all_roles().items():
        kind = path.partition(".")[0]
        policies = {name: policy_arn(name, account) for name in POLICIES[kind]}
        entries[_entry_key(arn, account)] = Access(arn, policies, GROUPS[kind])
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for group, arns in members.items():
        for arn in arns:
            groups[arn].append(group)
    return entries | {_entry_key(arn, account): Access(arn, groups=sorted(own)) for arn, own in groups.items()}


def policy_arn(name: str, account: Account) -> str:
    """ARN of an access policy that Amazon EKS manages."""
    return f"arn:{account.partition}:eks::aws:cluster-access-policy/{name}"


def _entry_key(arn: str, account: Account) -> str:
    owner = arn.split(":")[4]
    role = arn.rpartition("/")[2]
    return role if owner == account.id else f"{owner}-{role}"
