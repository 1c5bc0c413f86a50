"""The nodes of a node group, as the scheduler of a cluster sees them."""

from typing import Any

from components.cluster.node_config import encoded_user_data, node_config
from local_cluster.nodes.node_object import PlannedNode, simulated_node, simulated_status
from local_cluster.nodes.plan import planned_nodes
from offline.checks.kubernetes.node_room import room_of_a_node
from offline.providers.resource import Resource

GIB, GB = 1024**3, 1000**3
MOST_PODS = 110


def resource(kind: str, name: str, identifier: str, inputs: dict[str, Any]) -> Resource:
    """One resource of an account."""
    return Resource(urn=f"urn:pulumi:dev::moka::{kind}::{name}", identifier=identifier, inputs=inputs)


def account(instance_types: list[str], size: int, has_nvme: bool) -> tuple[Resource, list[Resource]]:
    """A node group, and everything beside it."""
    template = {
        "userData": encoded_user_data(node_config(MOST_PODS, has_nvme)),
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 80}}],
    }
    group = resource(
        "aws:eks/nodeGroup:NodeGroup",
        "spark-nodes",
        "moka-dev:spark",
        {
            "amiType": "AL2023_ARM_64_STANDARD",
            "nodeGroupName": "spark",
            "instanceTypes": instance_types,
            "labels": {"moka.dev/workload": "spark"},
            "launchTemplate": {"id": "lt-1"},
            "scalingConfig": {"desiredSize": size},
            "subnetIds": ["subnet-a", "subnet-b"],
            "taints": [{"key": "moka.dev/workload", "value": "spark", "effect": "NO_SCHEDULE"}],
        },
    )
    subnets = [
        resource("aws:ec2/subnet:Subnet", zone, f"subnet-{zone[-1]}", {"availabilityZone": zone})
        for zone in ("us-east-1a", "us-east-1b")
    ]
    others = [resource("aws:ec2/launchTemplate:LaunchTemplate", "spark", "lt-1", template), *subnets]
    return group, [group, *others]


def nodes(instance_types: list[str], size: int = 3, *, has_nvme: bool = True) -> list[PlannedNode]:
    """The nodes of such a group."""
    return planned_nodes(*account(instance_types, size, has_nvme))


def test_a_group_has_its_nodes_spread_over_its_zones_each_with_a_name_that_stays() -> None:
    planned = nodes(["m7gd.2xlarge"])
    assert [each.zone for each in planned] == ["us-east-1a", "us-east-1b", "us-east-1a"]
    assert len({each.name for each in planned}) == 3
    assert [each.name for each in nodes(["m7gd.2xlarge"], 2)] == [each.name for each in planned[:2]]


def test_a_node_offers_what_a_preview_reckons_with() -> None:
    group, resources = account(["m7gd.2xlarge", "r7gd.2xlarge"], 1, has_nvme=True)
    (planned,) = planned_nodes(group, resources)
    assert planned.allocatable == room_of_a_node(group, resources)
    assert planned.capacity.cpu == 8000
    assert planned.capacity.memory > planned.allocatable.memory
    assert planned.capacity.pods == planned.allocatable.pods == MOST_PODS


def test_the_type_with_the_least_memory_stands_for_its_group() -> None:
    assert {each.instance_type for each in nodes(["r7gd.2xlarge", "m7gd.2xlarge"])} == {"m7gd.2xlarge"}


def test_pods_lie_on_the_array_of_local_disks_or_on_the_root_volume() -> None:
    (array, *_), (root, *_) = nodes(["m7gd.2xlarge"]), nodes(["m7g.2xlarge"], has_nvme=False)
    assert (array.storage_bytes, root.storage_bytes) == (474 * GB, 80 * GIB)
    # nodefs.available at 10 %, and the gibibyte that nodeadm keeps.
    assert root.storage_bytes - root.allocatable_storage_bytes == 8 * GIB + GIB


def test_the_object_carries_labels_taints_and_the_mark_of_the_simulator() -> None:
    made = simulated_node(nodes(["m7gd.2xlarge"])[0])
    assert made["metadata"]["annotations"] == {"kwok.x-k8s.io/node": "fake"}
    assert {
        "eks.amazonaws.com/nodegroup": "spark",
        "kubernetes.io/arch": "arm64",
        "moka.dev/workload": "spark",
        "node.kubernetes.io/instance-type": "m7gd.2xlarge",
        "topology.kubernetes.io/region": "us-east-1",
        "topology.kubernetes.io/zone": "us-east-1a",
    }.items() <= made["metadata"]["labels"].items()
    assert made["spec"]["taints"] == [{"key": "moka.dev/workload", "value": "spark", "effect": "NoSchedule"}]


def test_the_status_is_in_kubernetes_quantities() -> None:
    offered = simulated_status(nodes(["m7gd.2xlarge"])[0])["status"]
    assert offered["capacity"]["cpu"] == "8000m"
    assert offered["capacity"]["memory"].endswith("Ki")
    assert offered["allocatable"]["pods"] == "110"
