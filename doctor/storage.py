"""Volumes that a stack asks of Amazon EBS, in GiB: all are of type gp3.

Leaves out claims of applications, of which nobody knows beforehand.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from components.capacity.settings import NodePoolSettings
from components.cluster.node_group_settings import NodeGroupSettings
from components.rules.addresses import most_nodes_in_a_roll
from doctor.plan import Plan

_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
_STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
# Kubernetes documentation, "Resource Management for Pods and Containers", units of memory, as far as claims use them.
_GIB: Mapping[str, float] = {"Mi": 1 / 1024, "Gi": 1, "Ti": 1024}


def gp3_of_groups(groups: Iterable[NodeGroupSettings], zones: int, *, rolled: bool) -> int:
    """Root volumes of node groups.

    Args:
        groups: node groups.
        zones: how many the network has.
        rolled: whether all groups are being rolled at once.
    """
    return sum(
        (most_nodes_in_a_roll(each.size, len(each.zones or ()) or zones) if rolled else each.size)
        * each.root_volume_gib
        for each in groups
    )


def gp3_of_pools(pools: Iterable[NodePoolSettings]) -> int:
    """Root volumes of node pools at their limits."""
    return sum(each.most_nodes * each.root_volume_gib for each in pools)


def gp3_of_claims(plan: Plan) -> float:
    """Volumes that the platform's pods keep.

    Args:
        plan: what the stack would have.
    """
    claims = [each.inputs for each in plan.of(_CLAIM)]
    sets = [(each.inputs["spec"], claim) for each in plan.of(_STATEFUL_SET) for claim in _templates(each.inputs)]
    return sum(map(_size, claims)) + sum(spec.get("replicas", 1) * _size(claim) for spec, claim in sets)


def _templates(stateful_set: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return stateful_set["spec"].get("volumeClaimTemplates") or ()


def _size(claim: Mapping[str, Any]) -> float:
    text = str(claim["spec"]["resources"]["requests"]["storage"])
    return float(text[:-2]) * _GIB[text[-2:]]
