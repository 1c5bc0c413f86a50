"""What `eks.Cluster` can't be told: changes to the `aws.eks.Cluster` that it registers as its child.

Protection is one of them: on the component it would also hold every access entry and add-on.

Engine transforms reach the children of a remote component. Property names are the engine's, camelCase.

Source: pulumi-eks 4.4, nodejs/eks/cluster/cluster.ts: creator admin is always true, there is no control-plane tier
and no zonal shift.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

CLUSTER_TYPE = "aws:eks/cluster:Cluster"
STANDARD_TIER = "standard"

Transform = Callable[[pulumi.ResourceTransformArgs], pulumi.ResourceTransformResult | None]


def with_control_plane(props: Mapping[str, Any], tier: str, zonal_shift: bool) -> dict[str, Any]:
    """The properties of the cluster with our control plane.

    Args:
        props: properties as pulumi-eks registers them.
        tier: provisioned capacity; at `standard` the property stays away, as AWS defaults to it.
        zonal_shift: whether traffic may be moved away from an impaired zone.
    """
    changed = {
        **props,
        # Who may do what is listed in access entries; having created the cluster is no reason.
        "accessConfig": {**props["accessConfig"], "bootstrapClusterCreatorAdminPermissions": False},
        "zonalShiftConfig": {"enabled": zonal_shift},
    }
    if tier != STANDARD_TIER:
        changed["controlPlaneScalingConfig"] = {"tier": tier}
    return changed


def control_plane_transform(tier: str, zonal_shift: bool, protect: bool) -> Transform:
    """A transform that changes the cluster itself and leaves every other child alone.

    Args:
        tier: provisioned capacity of the control plane.
        zonal_shift: whether traffic may be moved away from an impaired zone.
        protect: refuse to delete or replace the cluster.
    """

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != CLUSTER_TYPE:
            return None
        return pulumi.ResourceTransformResult(
            props=with_control_plane(args.props, tier, zonal_shift),
            opts=pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=protect)),
        )

    return transform
