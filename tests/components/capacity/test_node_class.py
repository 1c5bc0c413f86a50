"""A pool's nodes are launched as a node group's are, and Karpenter reckons with what they tell the kubelet."""

import base64
import json
from email import message_from_string
from typing import Any

import pytest

from components.account import Account
from components.capacity.node_class import node_class_spec
from components.capacity.settings import NodePoolSettings
from components.cluster.node_group import NodeGroup
from components.cluster.node_group_settings import NodeGroupSettings
from tests.recorder import ACCOUNT_ID, REGION, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
RELEASE = "1.35.7-20260827"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODES: dict[str, Any] = {
    "workload": "spark-executor",
    "architecture": "arm64",
    "capacity": "on-demand",
    "instance_types": ["r7gd.8xlarge", "m7gd.8xlarge"],
    "max_pods": 30,
    "root_volume_gib": 120,
}


def spec(**changes: Any) -> dict[str, Any]:
    values = {**NODES, "limits": {"vcpus": 1000, "memory_gib": 8000}, **changes}
    return node_class_spec(
        "executors",
        NodePoolSettings.model_validate_json(json.dumps(values)),
        ACCOUNT,
        instance_profile="nodes",
        security_group_id="sg-nodes",
        subnet_ids=["subnet-a", "subnet-b"],
        release=RELEASE,
    )


def template(**changes: Any) -> dict[str, Any]:
    """The launch template of a node group of the same settings."""
    settings = NodeGroupSettings.model_validate_json(json.dumps({**NODES, "size": 1, **changes}))
    recorder = record(
        lambda: NodeGroup(
            "executors",
            settings,
            ACCOUNT,
            cluster_name="moka-dev",
            node_role_arn="role",
            security_group_id="sg-nodes",
            subnet_ids=["subnet-a", "subnet-b"],
            release=RELEASE,
        )
    )
    return recorder.only(TEMPLATE).inputs


@pytest.mark.parametrize("fast_image_pull", [True, False])
def test_a_pools_node_boots_with_the_user_data_of_a_groups_node(*, fast_image_pull: bool) -> None:
    data = spec(fast_image_pull=fast_image_pull)["userData"]
    assert data == base64.b64decode(template(fast_image_pull=fast_image_pull)["userData"]).decode()
    assert ("FastImagePull" in data) is fast_image_pull


def test_a_pools_node_has_the_metadata_disks_tags_and_network_of_a_groups_node() -> None:
    group, pool = template(), spec()
    (device,), (volume,) = group["blockDeviceMappings"], pool["blockDeviceMappings"]

    metadata = {key: group["metadataOptions"][key] for key in ("httpEndpoint", "httpTokens", "httpPutResponseHopLimit")}
    assert pool["metadataOptions"] == {**metadata, "httpProtocolIPv6": "disabled"}
    assert volume["deviceName"] == device["deviceName"]
    assert volume["ebs"]["volumeType"] == device["ebs"]["volumeType"]
    assert volume["ebs"]["volumeSize"] == f"{int(device['ebs']['volumeSize'])}Gi" == "120Gi"
    for flag in ("encrypted", "deleteOnTermination"):
        assert str(volume["ebs"][flag]).lower() == device["ebs"][flag] == "true"
    assert [pool["tags"]] * 2 == [each["tags"] for each in group["tagSpecifications"]]
    assert pool["securityGroupSelectorTerms"] == [{"id": each} for each in group["vpcSecurityGroupIds"]]


def test_karpenter_reckons_with_the_room_that_the_node_leaves_to_pods() -> None:
    message = message_from_string(spec()["userData"])
    (body,) = (part.get_payload() for part in message.walk() if part.get_content_type() == "application/node.eks.aws")
    told = json.loads(str(body))["spec"]["kubelet"]["config"]

    reckoned = spec()["kubelet"]
    assert reckoned == {key: told[key] for key in reckoned}
    assert reckoned["maxPods"] == 30
    # What Karpenter would reckon with unless told.
    assert {"kubeReserved", "systemReserved", "evictionHard"} <= reckoned.keys()


@pytest.mark.parametrize(("types", "policy"), [(["r7gd.8xlarge"], "RAID0"), (["r7g.8xlarge"], None)])
def test_local_disks_are_reckoned_with_where_nodes_join_them(types: list[str], policy: str | None) -> None:
    found = spec(instance_types=types)

    assert found.get("instanceStorePolicy") == policy
    assert ("RAID0" in found["userData"]) is (policy is not None)


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_image_is_of_the_pools_release_whatever_version_the_control_plane_has(architecture: str) -> None:
    types = {"arm64": ["r7gd.8xlarge"], "x86_64": ["r6id.8xlarge"]}[architecture]
    found = spec(architecture=architecture, instance_types=types)

    (term,) = found["amiSelectorTerms"]
    assert set(term) == {"ssmParameter"}
    assert term["ssmParameter"].endswith(f"amazon-eks-node-al2023-{architecture}-standard-1.35-v20260827/image_id")
    assert found["amiFamily"] == "AL2023"


def test_the_profile_is_named_and_no_role_is_from_which_karpenter_would_make_one() -> None:
    assert spec()["instanceProfile"] == "nodes"
    assert "role" not in spec()


def test_nodes_stand_in_the_subnets_of_the_pools_zones() -> None:
    assert spec()["subnetSelectorTerms"] == [{"id": "subnet-a"}, {"id": "subnet-b"}]


def test_user_data_stays_far_below_what_ec2_takes() -> None:
    # EC2 takes 16 KiB, of which Karpenter's own part is a few.
    assert len(spec()["userData"]) < 8 * 1024
