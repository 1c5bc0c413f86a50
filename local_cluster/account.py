"""What exists of AWS, written down for those who act for it in the cluster while the engine is still at work.

The engine saves its state when a run ends, and pods start before that: the control plane has to know by then which
service account has a role.
"""

import json

from local_cluster.directory import ClusterDirectory
from local_cluster.private_file import write_private
from offline.cluster import CLUSTER
from offline.providers.aws.inventory import Inventory

# What the cluster asks about while a stack comes up.
ASKED_FOR = frozenset(
    {
        CLUSTER,
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    }
)


def write_account(directory: ClusterDirectory, inventory: Inventory) -> None:
    """Write everything that exists, in the form of the engine's state, for the owner alone and in one step."""
    resources = [
        {
            "urn": each.urn,
            "custom": True,
            "type": each.type,
            "id": each.identifier,
            "inputs": each.inputs,
            "outputs": each.outputs,
        }
        for each in inventory.everything
    ]
    content = {"version": 3, "checkpoint": {"latest": {"resources": resources}}}
    write_private(directory.deployment, json.dumps(content))
