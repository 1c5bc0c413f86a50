"""The transform changes the cluster that pulumi-eks registers, and nothing else."""

from typing import Any

import pulumi
import pytest

from components.cluster.transforms import control_plane_transform, with_control_plane

PROPS = {
    "name": "moka-dev",
    "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
}


def transformed(type_token: str, props: dict[str, Any], protect: bool = True) -> pulumi.ResourceTransformResult | None:
    args = pulumi.ResourceTransformArgs(
        custom=True,
        type_=type_token,
        name="cluster-eksCluster",
        props=props,
        opts=pulumi.ResourceOptions(ignore_changes=["tags"]),
    )
    return control_plane_transform("tier-xl", zonal_shift=True, protect=protect)(args)


def test_whoever_creates_the_cluster_is_not_its_admin() -> None:
    access = with_control_plane(PROPS, "standard", False)["accessConfig"]

    assert access == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}


def test_a_provisioned_tier_is_set_and_the_standard_one_left_to_aws() -> None:
    assert with_control_plane(PROPS, "tier-2xl", True)["controlPlaneScalingConfig"] == {"tier": "tier-2xl"}
    assert "controlPlaneScalingConfig" not in with_control_plane(PROPS, "standard", True)


def test_zonal_shift_follows_the_setting() -> None:
    assert with_control_plane(PROPS, "standard", True)["zonalShiftConfig"] == {"enabled": True}
    assert with_control_plane(PROPS, "standard", False)["zonalShiftConfig"] == {"enabled": False}


def test_the_rest_of_the_cluster_stays_as_it_was() -> None:
    assert with_control_plane(PROPS, "standard", True)["name"] == "moka-dev"
    assert PROPS["accessConfig"]["bootstrapClusterCreatorAdminPermissions"] is True


def test_the_transform_reaches_the_cluster_and_keeps_its_options() -> None:
    result = transformed("aws:eks/cluster:Cluster", PROPS)

    assert result is not None
    assert result.props == with_control_plane(PROPS, "tier-xl", True)
    assert result.opts.ignore_changes == ["tags"]


@pytest.mark.parametrize("protect", [True, False])
def test_the_cluster_is_protected_where_the_environment_is(protect: bool) -> None:
    result = transformed("aws:eks/cluster:Cluster", PROPS, protect)

    assert result is not None
    assert result.opts.protect is protect


def test_other_children_are_left_alone() -> None:
    assert transformed("aws:eks/addon:Addon", {"addonName": "vpc-cni"}) is None
