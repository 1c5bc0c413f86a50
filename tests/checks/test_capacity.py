"""Pods find room on the nodes of a stack: what nodes offer, what pods ask for, and which of them find none."""

import base64
import json
from typing import Any

import pytest

from offline.checks.kubernetes.addon_pods import addon_pods
from offline.checks.kubernetes.capacity import pods_have_room
from offline.checks.kubernetes.crowd import requests
from offline.checks.kubernetes.node_room import room_of_a_node
from offline.checks.kubernetes.objects import PodTemplate
from offline.checks.kubernetes.room import MIB, Node, Pod, Room, unplaced
from offline.checks.kubernetes.stack import Stack
from offline.providers.resource import Resource

GIB = 1024 * MIB
ON_SYSTEM_NODES = {"workload": "system"}


def resource(kind: str, name: str, inputs: dict[str, Any]) -> Resource:
    return Resource(f"urn:pulumi:dev::sample::{kind}::{name}", inputs)


def group(size: int = 2, zones: int = 2, instance_type: str = "m7g.xlarge", name: str = "system") -> Resource:
    inputs = {
        "instanceTypes": [instance_type],
        "scalingConfig": {"minSize": size, "desiredSize": size, "maxSize": size},
        "subnetIds": [f"subnet-{zone}" for zone in range(zones)],
        "labels": {"workload": name},
        "amiType": "AL2023_ARM_64_STANDARD",
    }
    return resource("aws:eks/nodeGroup:NodeGroup", name, inputs)


def pods(memory: str, cpu: str = "100m", **spec: Any) -> dict[str, Any]:
    asked = {"requests": {"cpu": cpu, "memory": memory}}
    return {"containers": [{"name": "a", "resources": asked}], "nodeSelector": ON_SYSTEM_NODES, **spec}


def workload(kind: str, name: str, template: dict[str, Any], **spec: Any) -> Resource:
    inputs = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "default"},
        "spec": {**spec, "template": {"metadata": {"labels": {"app": name}}, "spec": template}},
    }
    return resource(f"kubernetes:apps/v1:{kind}", name, inputs)


def store(name: str, memory: str, claim: str, **spec: Any) -> Resource:
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]
    return workload("StatefulSet", name, pods(memory, volumes=volumes, **spec))


def told(*resources: Resource) -> list[str]:
    """Each workload that finds no room, and when."""
    found = pods_have_room("kubernetes-references", Stack(resources))
    return [f"{each.name} {each.rule.removeprefix('finds no room for its pod ').partition(':')[0]}" for each in found]


RECREATED = {"strategy": {"type": "Recreate"}}
# Of 16 GiB, 1,232 MiB are firmware's and kernel's, 1,465 the kubelet's, and 100 the eviction threshold.
LARGEST_MIB = 16 * 1024 * 925 // 1000 - 255 - 11 * 110 - 100


def test_a_pod_that_is_larger_than_each_node_finds_no_room() -> None:
    fits, too_large = (
        workload("Deployment", "web", pods(f"{size}Mi"), **RECREATED) for size in (LARGEST_MIB - 1, LARGEST_MIB + 1)
    )
    assert told(group(size=1), fits) == []
    assert told(group(size=1), too_large) == ["web although every node is there"]
    assert told(group(size=1), workload("Deployment", "web", pods("1Gi", cpu="4"))) == [
        "web although every node is there"
    ]


def test_what_is_lost_with_a_node_finds_room_on_the_others() -> None:
    pair = [workload("Deployment", name, pods("8Gi"), **RECREATED) for name in ("web", "api")]
    assert told(group(size=3), *pair) == []
    (said,) = told(group(size=2), *pair)
    assert said.endswith("when one of the 2 nodes of system is lost")
    assert told(group(size=1), *pair)[0].endswith("although every node is there")


def test_pods_find_room_in_whichever_order_they_come() -> None:
    small = [workload("Deployment", f"small-{index}", pods("4Gi"), **RECREATED) for index in range(4)]
    large = workload("Deployment", "large", pods("9Gi"), **RECREATED)
    (said,) = told(group(size=2), large, *small)
    assert said == "large although every node is there", "small pods that come first leave it nothing"


def test_a_rolling_update_needs_room_for_the_new_pod_beside_the_old_one() -> None:
    (said,) = told(group(size=1), workload("Deployment", "web", pods("8Gi")))
    assert said == "web in a rolling update, beside the pod that it replaces"
    away = {"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}}
    assert told(group(size=1), workload("Deployment", "web", pods("8Gi"), **away)) == []
    # A quarter of four may be away.
    assert told(group(size=2), workload("Deployment", "web", pods("6Gi"), replicas=4))[0].endswith("is lost")


def test_a_volume_keeps_its_pod_in_a_zone_beside_all_that_stands_there() -> None:
    stores = [store(name, "6Gi", f"data-{name}") for name in ("metrics", "logs", "queue")]
    assert told(group(size=3, zones=1), *stores) == []
    (said,) = told(group(size=3, zones=3), *stores)
    assert said.endswith("although every node is there"), "all three volumes may lie in one zone"


def apart_from(name: str) -> dict[str, Any]:
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": name}}}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def test_pods_that_never_share_a_node_need_as_many_nodes_and_wait_for_one_that_is_lost() -> None:
    workers = workload("Deployment", "workers", pods("1Gi", affinity=apart_from("workers")), replicas=3, **RECREATED)
    assert told(group(size=3), workers) == []
    assert told(group(size=2), workers) == ["workers although every node is there"]
    others = workload("Deployment", "web", pods("9Gi"), replicas=3, **RECREATED)
    (said,) = told(group(size=3), workers, others)
    assert said == "web when one of the 3 nodes of system is lost", "those that may share a node still need room"


def test_a_directory_of_each_node_ties_a_pod_to_no_zone() -> None:
    def claimed(source: dict[str, Any]) -> list[Resource]:
        volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "disks"}, "spec": source}
        claim = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data", "namespace": "default"},
            "spec": {"volumeName": "disks"},
        }
        return [
            resource("kubernetes:core/v1:PersistentVolume", "disks", volume),
            resource("kubernetes:core/v1:PersistentVolumeClaim", "data", claim),
            store("workers", "9Gi", "data", affinity=apart_from("workers")),
        ]

    def three(resources: list[Resource]) -> list[Resource]:
        resources[-1].inputs["spec"]["replicas"] = 3
        return resources

    assert told(group(size=3, zones=3), *three(claimed({"hostPath": {"path": "/disks"}}))) == []
    (said,) = told(group(size=3, zones=3), *three(claimed({"csi": {"driver": "ebs.csi.aws.com"}})))
    assert said == "workers although every node is there", "all volumes may lie in one zone"


def test_a_pod_waits_for_the_zone_of_its_volume_where_no_node_is_left() -> None:
    apart = [
        {
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule",
            "maxSkew": 1,
            "labelSelector": {"matchLabels": {"app": "metrics"}},
        }
    ]
    replicas = [store(f"metrics-{n}", "9Gi", f"data-{n}", topologySpreadConstraints=apart) for n in (0, 1)]
    assert told(group(size=2, zones=2), *replicas) == []
    assert told(group(size=4, zones=2), *replicas) == []
    assert told(group(size=2, zones=1), *replicas) == ["metrics-0 although every node is there"], "one zone for both"


def test_agents_take_room_on_every_node_that_they_run_on() -> None:
    web = workload("Deployment", "web", pods("8Gi"), **RECREATED)
    everywhere: dict[str, Any] = {"tolerations": [{"operator": "Exists"}], "nodeSelector": {}}
    assert told(group(size=2), web, workload("DaemonSet", "agent", pods("6Gi", **everywhere))) != []
    other: dict[str, Any] = {"nodeSelector": {"workload": "spark"}}
    assert told(group(size=2), group(name="spark"), web, workload("DaemonSet", "agent", pods("6Gi", **other))) == []


def test_pods_of_add_ons_take_room_too() -> None:
    addon = {"addonName": "metrics-server", "configurationValues": json.dumps({"nodeSelector": ON_SYSTEM_NODES})}
    web = workload("Deployment", "web", pods(f"{LARGEST_MIB - 300}Mi"), **RECREATED)
    assert told(group(size=1), web) == []
    servers = resource("aws:eks/addon:Addon", "metrics", addon)
    assert told(group(size=1), web, servers) == [
        "system leaves no room for metrics-server 0 of an add-on although every node is there"
    ]


@pytest.mark.parametrize(
    ("scaling", "nodes", "cpus", "replicas"),
    [
        ({}, 900, 20_000, 2),
        ({"enabled": True, "minReplicas": 2, "maxReplicas": 20}, 2, 8, 2),
        ({"enabled": True, "minReplicas": 2, "maxReplicas": 20}, 100, 800, 7),
        ({"enabled": True, "minReplicas": 2, "maxReplicas": 20}, 16, 2560, 10),
        ({"enabled": True, "minReplicas": 2, "maxReplicas": 20}, 900, 20_000, 20),
    ],
)
def test_replicas_of_cluster_dns_follow_the_clusters_size(
    scaling: dict[str, Any], nodes: int, cpus: int, replicas: int
) -> None:
    inputs = {"addonName": "coredns", "configurationValues": json.dumps({"autoScaling": scaling})}
    (found,) = addon_pods([resource("aws:eks/addon:Addon", "dns", inputs)], nodes, cpus)
    assert found.replicas == replicas


def test_every_add_on_of_the_program_has_a_row(production: tuple[Resource, ...]) -> None:
    addons = [each for each in production if each.type == "aws:eks/addon:Addon"]
    assert len(addons) > 5
    for each in addons:
        assert list(addon_pods([each], 1, 1)), f"{each.inputs['addonName']} is not in offline/checks/kubernetes"


def test_a_node_offers_what_its_launch_templates_kubelet_leaves() -> None:
    kubelet = {
        "maxPods": 50,
        "kubeReserved": {"memory": "1Gi"},
        "systemReserved": {"cpu": "100m", "memory": "1Gi"},
        "evictionHard": {"memory.available": "1Gi"},
    }
    config = {"spec": {"kubelet": {"config": kubelet}}}
    lines = ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="X"', "", "--X"]
    lines += ["Content-Type: application/node.eks.aws", "", json.dumps(config), "--X--", ""]
    data = base64.b64encode("\n".join(lines).encode()).decode()
    template = resource("aws:ec2/launchTemplate:LaunchTemplate", "system", {"userData": data})
    template = Resource(template.urn, template.inputs, identifier="lt-1")
    nodes = group()
    nodes.inputs["launchTemplate"] = {"id": "lt-1"}
    # nodeadm keeps 80m of four CPUs.
    assert room_of_a_node(nodes, [template]) == Room(4000 - 80 - 100, 16 * GIB * 925 // 1000 - 3 * GIB, 50)


def test_a_pod_asks_for_its_containers_together_or_for_the_largest_that_starts_it() -> None:
    def container(cpu: str, memory: str, **more: Any) -> dict[str, Any]:
        return {"resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}

    both = [container("1", "1Gi"), container("500m", "1Gi")]
    first = container("100m", "3Gi")
    stays = container("200m", "1Gi", restartPolicy="Always")
    assert requests(PodTemplate("spec", {}, {"containers": both})) == Room(1500, 2 * GIB, 1)
    assert requests(PodTemplate("spec", {}, {"containers": both, "initContainers": [first]})) == Room(1500, 3 * GIB, 1)
    assert requests(PodTemplate("spec", {}, {"containers": both, "initContainers": [stays]})) == Room(1700, 3 * GIB, 1)
    limit = {"resources": {"limits": {"memory": "4Gi"}}}
    assert requests(PodTemplate("spec", {}, {"containers": [limit]})) == Room(0, 4 * GIB, 1)


def test_pods_go_where_most_is_free_and_never_beyond_it() -> None:
    nodes = [Node("a", 0, Room(1000, 4, 2)), Node("a", 1, Room(1000, 6, 2))]
    small = [Pod(f"small-{index}", Room(1, 2, 1), frozenset({"a"})) for index in range(4)]
    assert unplaced(nodes, small) is None
    assert unplaced(nodes, [*small, Pod("last", Room(1, 0, 1), frozenset({"a"}))]), "the number of pods is a limit too"
    large = Pod("large", Room(1, 5, 1), frozenset({"a"}))
    assert unplaced(nodes, [large, *small[:2]]) is None
    assert unplaced(nodes, [*small[:2], large]) == large
    assert unplaced(nodes, [large], {"large": 0}) == large
    assert unplaced(nodes, [Pod("elsewhere", Room(1, 1, 1), frozenset({"b"}))])


def test_nothing_is_said_where_a_node_group_is_not_known_or_missing() -> None:
    huge = workload("Deployment", "web", pods("900Gi"))
    unknown = group()
    unknown.inputs["instanceTypes"] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert told(huge) == []
    assert told(unknown, huge) == []
