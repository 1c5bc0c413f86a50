"""What the changes of a release disturb, and for how long: classes of resources, from the most to the least.

A class says what is felt of a change in place. What is replaced or deleted is told one by one beside it. Leaves out the
time that AWS takes to carry a change out, during which `pulumi up` waits.
Sources: docs/upgrades.md, docs/capacity.md and docs/changes.md, which cite theirs; AWS IAM user guide, "Troubleshooting
IAM": changes are not always immediately visible.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Disruption:
    """One class.

    Args:
        name: what is disturbed.
        lasts: what is felt of it, and until when.
        page: page of docs/ that says more; empty where there is none.
        types: expression for its type tokens.
        watch: whether somebody should look on while it goes on.
    """

    name: str
    lasts: str
    types: str
    page: str = ""
    watch: bool = False

    def holds(self, kind: str) -> bool:
        """Whether resources of a type belong to it."""
        return re.fullmatch(self.types, kind) is not None


OTHER = Disruption("everything else", "takes effect while `pulumi up` runs, and restarts nothing", r".*")
CLASSES = (
    Disruption(
        "control plane",
        "is updated while it runs; its API is away for no longer than a request, and a newer version of Kubernetes "
        "can't be taken back",
        r"aws:eks/cluster:Cluster|eks:index:Cluster",
        "docs/upgrades.md",
        watch=True,
    ),
    Disruption(
        "nodes of groups",
        "are rolled, drivers' and platform nodes one at a time, executors' a third at once; a node waits up to 15 "
        "minutes for its drivers, and where they take longer the update fails, loses nothing, and goes on with the "
        "next `pulumi up`",
        r"aws:eks/nodeGroup:NodeGroup|aws:ec2/launchTemplate:LaunchTemplate",
        "docs/upgrades.md",
        watch=True,
    ),
    Disruption(
        "nodes of pools",
        "are replaced by Karpenter after `pulumi up` has ended, outside working hours and a tenth of a pool at a time; "
        "drivers keep theirs until they end",
        r"kubernetes:karpenter\.(?:sh|k8s\.aws)/\w+:(?:NodePool|EC2NodeClass)",
        "docs/capacity.md",
        watch=True,
    ),
    Disruption(
        "add-ons and controllers",
        "roll their pods within minutes, while `pulumi up` waits; applications that run go on",
        r"aws:eks/addon:Addon|kubernetes:helm\.sh/v3:Release",
    ),
    Disruption(
        "workloads of the platform",
        "roll their pods within minutes, while `pulumi up` waits; what has one replica is away for as long",
        r"kubernetes:apps/v1:(?:Deployment|StatefulSet|DaemonSet)",
    ),
    Disruption(
        "network",
        "takes effect at once; connections over what is replaced break and are opened again",
        r"aws:(?:ec2|vpc)/(?!launchTemplate).*|kubernetes:networking\.k8s\.io/.*",
    ),
    Disruption(
        "permissions",
        "take effect within seconds; a call that comes at once may still be answered by the old ones",
        r"aws:iam/.*|aws:eks/(?:podIdentityAssociation|access\w+):.*|kubernetes:rbac\..*|aws:\w+/\w+Policy:\w+",
    ),
    OTHER,
)


def disruption_of(kind: str) -> Disruption:
    """The class of a type token."""
    return next(each for each in CLASSES if each.holds(kind))
