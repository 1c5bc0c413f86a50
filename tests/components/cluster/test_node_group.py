"""Node groups: hardened launch templates, labels and taints, and two architectures that differ in nothing else."""

import base64
import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.account import Account
from components.cluster.node_group import NodeGroup
from components.cluster.node_group_settings import NodeGroupSettings
from components.cluster.node_role import NodeRole
from tests.recorder import ACCOUNT_ID, REGION, Recorder, Registration, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
INTEL: dict[str, Any] = {
    "workload": "spark-executor",
    "architecture": "x86_64",
    "instance_types": ("r6id.8xlarge", "m6id.8xlarge"),
    "size": 40,
    "max_pods": 42,
    "root_volume_gib": 80,
}
GRAVITON = INTEL | {"architecture": "arm64", "instance_types": ("r7gd.8xlarge", "m7gd.8xlarge")}


class Ready(pulumi.ComponentResource):
    """Stands in for the network and the cluster."""

    def __init__(self) -> None:
        super().__init__("moka:index:Ready", "ready")
        aws.ec2.Vpc("ready", opts=pulumi.ResourceOptions(parent=self))


def make(**changes: Any) -> NodeGroup:
    role = NodeRole("nodes", ACCOUNT)
    return NodeGroup(
        "executors",
        NodeGroupSettings(**(INTEL | changes)),
        ACCOUNT,
        cluster_name="moka-dev",
        node_role_arn=role.arn,
        security_group_id="sg-nodes",
        subnet_ids=["subnet-a", "subnet-b"],
        release="1.35.7-20260827",
        after=[Ready()],
    )


def built(**changes: Any) -> Recorder:
    return record(lambda: make(**changes), Recorder(outputs={TEMPLATE: lambda _: {"latestVersion": 7}}))


def group(**changes: Any) -> Registration:
    return built(**changes).only(GROUP)


def template(**changes: Any) -> dict[str, Any]:
    return built(**changes).only(TEMPLATE).inputs


def boot_text(**changes: Any) -> str:
    return base64.b64decode(template(**changes)["userData"]).decode()


def test_a_load_balancer_can_be_told_the_auto_scaling_group_of_the_nodes() -> None:
    names: list[str] = []
    made = {"resources": [{"autoscalingGroups": [{"name": "eks-executors-1a2b"}]}]}
    recorder = Recorder(outputs={TEMPLATE: lambda _: {"latestVersion": 7}, GROUP: lambda _: made})
    record(lambda: make().autoscaling_group().apply(names.append), recorder)
    assert names == ["eks-executors-1a2b"]


def test_instances_answer_metadata_to_the_node_only_and_with_a_session() -> None:
    assert template()["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "disabled",
    }


def test_the_root_volume_is_encrypted_gp3_of_the_set_size() -> None:
    [device] = template()["blockDeviceMappings"]

    assert device["deviceName"] == "/dev/xvda"
    assert device["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 80,
        "encrypted": "true",
        "deleteOnTermination": "true",
    }


def test_instances_and_volumes_are_named_after_cluster_and_group() -> None:
    tags = {each["resourceType"]: each["tags"]["Name"] for each in template()["tagSpecifications"]}

    assert tags == {"instance": "moka-dev-executors", "volume": "moka-dev-executors"}


def test_nodes_carry_the_node_security_group_and_nothing_else() -> None:
    assert template()["vpcSecurityGroupIds"] == ["sg-nodes"]


def test_a_change_of_the_template_reaches_the_group() -> None:
    assert template()["updateDefaultVersion"] is True
    assert group().inputs["launchTemplate"] == {"id": "executors-nodes-id", "version": "7"}


@pytest.mark.parametrize(
    ("types", "has_array"), [(("r6id.8xlarge",), True), (("i4i.4xlarge",), True), (("m6i.8xlarge",), False)]
)
def test_local_disks_are_joined_only_where_the_types_have_any(types: tuple[str, ...], has_array: bool) -> None:
    assert ("RAID0" in boot_text(instance_types=types)) is has_array


def test_the_kubelet_takes_as_many_pods_as_the_address_plan_counts() -> None:
    assert '"maxPods": 42' in boot_text()


def test_spark_nodes_are_labelled_and_tainted_with_their_workload() -> None:
    inputs = group(workload="spark-driver").inputs

    assert inputs["labels"] == {"moka/workload": "spark-driver"}
    assert inputs["taints"] == [{"key": "moka/workload", "value": "spark-driver", "effect": "NO_SCHEDULE"}]


def test_system_nodes_are_labelled_and_take_every_pod() -> None:
    inputs = group(workload="system").inputs

    assert inputs["labels"] == {"moka/workload": "system"}
    assert inputs.get("taints", []) == []


@pytest.mark.parametrize(("size", "most"), [(40, 40), (1, 1), (0, 1)])
def test_the_settings_alone_say_how_many_nodes_there_are(size: int, most: int) -> None:
    assert group(size=size).ignore_changes == ()
    assert group(size=size).inputs["scalingConfig"] == {"minSize": size, "desiredSize": size, "maxSize": most}


def test_nothing_invites_an_autoscaler() -> None:
    assert not group().inputs.get("tags")


def test_a_replacement_can_stand_beside_the_old_group() -> None:
    assert group().inputs["nodeGroupNamePrefix"] == "executors-"
    assert "nodeGroupName" not in group().inputs
    assert group().delete_before_replace is False


def test_updates_spare_two_thirds_of_executor_nodes() -> None:
    assert group().inputs["updateConfig"] == {"maxUnavailablePercentage": 33}


@pytest.mark.parametrize("workload", ["spark-driver", "spark", "system"])
def test_updates_take_one_node_at_a_time_where_drivers_or_platform_pods_run(workload: str) -> None:
    assert group(workload=workload).inputs["updateConfig"] == {"maxUnavailable": 1}


def test_broken_nodes_are_replaced() -> None:
    assert group().inputs["nodeRepairConfig"] == {"enabled": True}


@pytest.mark.parametrize(("capacity", "expected"), [("on-demand", "ON_DEMAND"), ("spot", "SPOT")])
def test_instances_are_bought_as_set(capacity: str, expected: str) -> None:
    assert group(workload="spark", capacity=capacity).inputs["capacityType"] == expected


def test_the_image_is_pinned_and_its_version_is_the_clusters() -> None:
    assert (group().inputs["version"], group().inputs["releaseVersion"]) == ("1.35", "1.35.7-20260827")


def test_nodes_wait_for_what_they_boot_with() -> None:
    assert "aws:ec2/vpc:Vpc::ready" in group().depends_on


def test_intel_and_graviton_differ_only_in_image_and_types() -> None:
    intel, graviton = group(), group(**GRAVITON)

    different = {key for key in intel.inputs | graviton.inputs if intel.inputs.get(key) != graviton.inputs.get(key)}
    assert different == {"amiType", "instanceTypes"}
    assert (intel.inputs["amiType"], graviton.inputs["amiType"]) == (
        "AL2023_x86_64_STANDARD",
        "AL2023_ARM_64_STANDARD",
    )
    assert template() == template(**GRAVITON)


def test_nodes_may_join_and_pull_images_and_no_more() -> None:
    recorder = built()
    attached = {each.inputs["policyArn"] for each in recorder.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    own = json.loads(recorder.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"])

    names = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")
    assert attached == {f"arn:aws:iam::aws:policy/{name}" for name in names}
    assert [each["Action"] for each in own["Statement"]] == [["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"]]


def test_only_instances_assume_the_node_role() -> None:
    trust = json.loads(built().only("aws:iam/role:Role").inputs["assumeRolePolicy"])

    assert [each["Principal"] for each in trust["Statement"]] == [{"Service": "ec2.amazonaws.com"}]


def test_the_role_is_used_only_while_its_policies_are_attached() -> None:
    recorder = built()
    policies = {f"{each.type}::{each.name}" for each in recorder.registrations if "rolePolicy" in each.type}

    assert len(policies) == 3
    assert policies <= set(recorder.only(GROUP).depends_on)
    assert policies <= set(recorder.only("aws:iam/instanceProfile:InstanceProfile").depends_on)
