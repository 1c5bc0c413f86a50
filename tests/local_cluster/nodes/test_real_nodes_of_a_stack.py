"""Real nodes follow the stack's next state: their images come first, and what is in the wrong place goes elsewhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from components.workloads.scheduling import WORKLOAD_KEY
from local_cluster.cluster import LocalCluster
from local_cluster.directory import ClusterDirectory
from local_cluster.images.plan import PlannedImage
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED
from local_cluster.nodes.real import real_nodes
from local_cluster.nodes.real.containerd import PAUSE
from local_cluster.nodes.real.images import wanted
from local_cluster.nodes.real.real_nodes import RealNodes
from local_cluster.nodes.real.roster import Role, read_roster, write_roster
from offline.checks.kubernetes.objects import PodTemplate
from offline.providers.resource import Resource

IMAGE, ABSENT, SPARK = "registry.example/a:1", "registry.example/absent:1", "registry.example/spark:1"
TAINT = {"key": WORKLOAD_KEY, "value": "spark", "effect": "NoSchedule"}

Object = dict[str, Any]


class Cluster:
    """Nodes, pods and agents, in memory; it has two real nodes unless told otherwise."""

    def __init__(self, directory: ClusterDirectory) -> None:
        self.directory, self.real_nodes = directory, 2
        self.nodes = {"real-1": REAL, "real-2": REAL, "ip-1": SIMULATED}
        self.pods: list[Object] = []
        self.agents: list[str] = []
        self.deleted: list[str] = []
        self.asked_again: list[str] = []
        self.given: list[tuple[Mapping[str, set[str]], list[str]]] = []

    @property
    def api(self) -> "Cluster":
        return self

    def pod(self, name: str, node: str, image: str = IMAGE, owner: str = "ReplicaSet") -> None:
        owners = {"ownerReferences": [{"kind": owner, "name": "a"}]} if owner else {}
        spec = {"containers": [{"image": image}], "nodeName": node}
        self.pods.append({"metadata": {"name": name, "namespace": "a", **owners}, "spec": spec})

    def listed(self, kind: str, _version: str = "v1", field_selector: str = "") -> list[Object]:
        if kind == "Node":
            return [{"metadata": {"name": name, "labels": {LABEL: kind}}} for name, kind in self.nodes.items()]
        if kind == "DaemonSet":
            return [{"metadata": {"name": name, "namespace": "a"}} for name in self.agents]
        node = field_selector.removeprefix("spec.nodeName=")
        return [each for each in self.pods if node in ("", each["spec"]["nodeName"])]

    def remove(self, *nodes: Object) -> None:
        for each in nodes:
            del self.nodes[each["metadata"]["name"]]

    def resource(self, _kind: str, _version: str = "v1") -> "Cluster":
        return self

    def delete(self, *, name: str, **_: Any) -> None:
        self.deleted.append(name)

    def patch(self, *, name: str, **_: Any) -> None:
        self.asked_again.append(name)

    def provide(self, _: Any, images: Mapping[str, set[str]], spark: Sequence[str], __: Any) -> list[PlannedImage]:
        """Stands in for the images' own part: every image but one can be had."""
        self.given.append((images, list(spark)))
        every = sorted(set[str]().union(*images.values()))
        return [PlannedImage(each, "missing" if each == ABSENT else "built") for each in every]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A cluster that runs."""
    directory = ClusterDirectory(tmp_path, "dev")
    directory.make()
    made = Cluster(directory)
    monkeypatch.setattr(real_nodes, "provide", made.provide)
    return made


def nodes_of(cluster: Cluster) -> RealNodes:
    return RealNodes(cast(LocalCluster, cluster), lambda _: None)


def group(name: str, *taints: Object) -> Resource:
    inputs = {"labels": {WORKLOAD_KEY: name}, "taints": list(taints), "nodeGroupName": name}
    return Resource(f"urn:pulumi:dev::moka::aws:eks/nodeGroup:NodeGroup::{name}", inputs)


def deployment(image: str, **spec: Any) -> Resource:
    template = {"spec": {"containers": [{"image": image}], **spec}}
    inputs = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": template}}
    return Resource("urn:pulumi:dev::moka::kubernetes:apps/v1:Deployment::a", inputs)


EXPECTED = [
    group("system"),
    group("spark", TAINT | {"effect": "NO_SCHEDULE"}),
    deployment(IMAGE),
    deployment(ABSENT, tolerations=[{"operator": "Exists"}]),
]


def test_a_node_is_given_the_images_of_the_pods_that_may_run_there() -> None:
    system, spark = Role("real-1", "system"), Role("real-2", "spark", taints=(TAINT,))
    everywhere = PodTemplate("", {}, {"containers": [{"image": "b"}], "tolerations": [{"operator": "Exists"}]})
    pods = [PodTemplate("", {}, {"containers": [{"image": "a"}]}), everywhere]
    assert wanted([system, spark, Role("real-3")], pods) == {
        "real-1": {PAUSE, "a", "b"},
        "real-2": {PAUSE, "b"},
        "real-3": {PAUSE},
    }


def test_what_the_stack_will_have_decides_and_an_image_that_can_not_be_had_is_nobodys(cluster: Cluster) -> None:
    nodes_of(cluster).prepare(EXPECTED, [])
    ((given, spark),) = cluster.given
    assert given == {"real-1": {PAUSE, IMAGE, ABSENT}, "real-2": {PAUSE, ABSENT}}
    assert spark == []
    assert {role.node: (role.group, role.images) for role in read_roster(cluster.directory)} == {
        "real-1": ("system", (IMAGE, PAUSE)),
        "real-2": ("spark", (PAUSE,)),
    }


def test_an_applications_image_goes_to_nodes_that_are_kept_for_applications_and_the_others_stay(
    cluster: Cluster,
) -> None:
    nodes = nodes_of(cluster)
    nodes.prepare(EXPECTED, [])
    nodes.add_spark_image(SPARK)
    assert cluster.given[-1] == ({"real-2": {SPARK}}, [SPARK])
    assert [role.images for role in nodes.roster] == [(IMAGE, PAUSE), (SPARK, PAUSE)]
    nodes.prepare(EXPECTED, [])
    assert SPARK in nodes.roster[1].images, "another update takes no image away"


def test_pods_in_the_wrong_place_go_and_those_that_nothing_would_make_anew_stay(cluster: Cluster) -> None:
    cluster.pod("right", "real-1")
    cluster.pod("has its image now", "ip-1")
    cluster.pod("without its image", "real-1", ABSENT)
    cluster.pod("an agent's", "real-1", ABSENT, owner="DaemonSet")
    cluster.pod("a person's", "ip-1", owner="")
    cluster.pod("waits", "", ABSENT)
    cluster.agents = ["agent"]
    nodes_of(cluster).prepare(EXPECTED, [])
    assert cluster.deleted == ["has its image now", "without its image"]
    assert cluster.asked_again == ["agent"], "admission decides anew about agents"


def test_nodes_that_there_are_no_more_go_with_their_pods_at_once(cluster: Cluster) -> None:
    write_roster(cluster.directory, [Role("real-1", "system", images=(IMAGE,)), Role("real-2", "spark")])
    cluster.pod("stays", "real-1")
    cluster.pod("goes", "real-2", owner="")
    cluster.real_nodes = 1
    nodes_of(cluster).prepare(EXPECTED, [])
    assert set(cluster.nodes) == {"real-1", "ip-1"}
    assert cluster.deleted == ["goes"]
    assert [role.node for role in read_roster(cluster.directory)] == ["real-1"]


def test_without_real_nodes_nothing_is_asked_of_the_cluster_and_after_the_last_its_images_are_forgotten(
    cluster: Cluster,
) -> None:
    cluster.real_nodes, cluster.nodes = 0, {"ip-1": SIMULATED}
    cluster.pod("simulated", "ip-1")
    nodes_of(cluster).prepare(EXPECTED, [])
    assert not cluster.directory.roster.exists()
    write_roster(cluster.directory, [Role("real-1", "system", images=(IMAGE,))])
    nodes_of(cluster).prepare(EXPECTED, [])
    assert read_roster(cluster.directory) == []
    assert cluster.given == []
    assert cluster.deleted == []
