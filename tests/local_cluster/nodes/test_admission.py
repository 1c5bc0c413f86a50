"""A new pod is sent to real nodes if its containers run there, else to simulated ones; it is so however often asked."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from local_cluster.directory import ClusterDirectory
from local_cluster.network import Ports
from local_cluster.nodes.kind_of_node import LABEL, REAL, SIMULATED, kept_to
from local_cluster.nodes.real import roster
from local_cluster.nodes.real.admission import PATH, NodeAdmission, kind_for, kind_for_each_node, node_webhook
from local_cluster.nodes.real.roster import Role, write_roster
from tests.local_cluster.aws.cluster import make_directory

IMAGE, OTHER = "registry.example/a:1", "registry.example/b:1"
WORKLOAD = "moka/workload"
TAINT = {"key": WORKLOAD, "value": "spark", "effect": "NoSchedule"}
EVERYWHERE = [{"operator": "Exists"}]
SYSTEM = Role("real-1", "system", {WORKLOAD: "system"}, (), (IMAGE,))
SPARK = Role("real-2", "spark", {WORKLOAD: "spark"}, (TAINT,), (IMAGE, OTHER))

Object = dict[str, Any]


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine has two CPUs."""
    monkeypatch.setattr(roster.os, "cpu_count", lambda: 2)


@pytest.fixture
def directory(tmp_path: Path) -> ClusterDirectory:
    """A cluster with two real nodes."""
    made = make_directory(tmp_path / "cluster")
    write_roster(made, [SYSTEM, SPARK])
    return made


def spec(image: str = IMAGE, **more: Any) -> Object:
    return {"containers": [{"name": "a", "image": image}], **more}


def pod(owner: str = "", **content: Any) -> Object:
    metadata: Object = {"name": "a", "ownerReferences": [{"kind": owner, "name": "b"}]} if owner else {"name": "a"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec(**content)}


def daemon_set(**content: Any) -> Object:
    template = {"spec": spec(**content)}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a"}, "spec": {"template": template}}


def patches(directory: ClusterDirectory, made: Object) -> list[Object]:
    """What admission changes in an object."""
    review = {"request": {"uid": "u1", "object": made}}
    response = NodeAdmission(directory).review(review)["response"]
    assert (response["uid"], response["allowed"]) == ("u1", True)
    if "patch" not in response:
        return []
    assert response["patchType"] == "JSONPatch"
    return json.loads(base64.b64decode(response["patch"]))


def admitted(directory: ClusterDirectory, made: Object) -> Object:
    """The object as it is stored."""
    for each in patches(directory, made):
        *above, last = (int(key) if key.isdigit() else key for key in each["path"].strip("/").split("/"))
        place: Any = made
        for key in above:
            place = place[key]
        place[last] = each["value"]
    return made


def kinds(affinity: Object | None) -> list[str]:
    """The kinds of node that an affinity names, in each of its terms."""
    required = (affinity or {}).get("nodeAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution", {})
    return [
        value
        for term in required.get("nodeSelectorTerms", ())
        for each in term["matchExpressions"]
        if each["key"] == LABEL
        for value in each["values"]
    ]


def test_pods_whose_images_a_node_has_are_real_and_all_others_simulated(directory: ClusterDirectory) -> None:
    assert kinds(admitted(directory, pod())["spec"]["affinity"]) == [REAL]
    assert kinds(admitted(directory, pod(owner="ReplicaSet"))["spec"]["affinity"]) == [REAL]
    assert kinds(admitted(directory, pod(image="registry.example/c:1"))["spec"]["affinity"]) == [SIMULATED]


def test_an_image_counts_on_a_node_where_the_pod_may_be(directory: ClusterDirectory) -> None:
    assert kinds(admitted(directory, pod(image=OTHER))["spec"]["affinity"]) == [SIMULATED]
    assert kinds(admitted(directory, pod(image=OTHER, tolerations=EVERYWHERE))["spec"]["affinity"]) == [REAL]


def test_before_a_stack_was_looked_at_everything_is_simulated(tmp_path: Path) -> None:
    directory = make_directory(tmp_path / "cluster")
    assert kinds(admitted(directory, pod())["spec"]["affinity"]) == [SIMULATED]


@pytest.mark.parametrize("made", [pod(owner="DaemonSet"), pod(nodeName="real-1"), pod(image=OTHER, nodeName="ip-1")])
def test_a_pod_that_its_controller_or_somebody_else_placed_stays_there(
    directory: ClusterDirectory, made: Object
) -> None:
    assert patches(directory, made) == []


def test_agents_are_kept_from_real_nodes_unless_each_that_they_may_be_on_runs_them(
    directory: ClusterDirectory,
) -> None:
    assert patches(directory, daemon_set()) == []
    assert patches(directory, daemon_set(tolerations=EVERYWHERE)) == []
    kept = admitted(directory, daemon_set(image=OTHER, tolerations=EVERYWHERE))
    assert kinds(kept["spec"]["template"]["spec"]["affinity"]) == [SIMULATED]


def test_agents_that_are_larger_than_the_machine_would_wait_on_it_for_ever_and_are_kept_from_it() -> None:
    large = spec()
    large["containers"][0]["resources"] = {"requests": {"cpu": "3"}}
    assert kind_for_each_node(large, [SYSTEM]) == SIMULATED
    assert kind_for(large, [SYSTEM]) == SIMULATED


@pytest.mark.parametrize("image", [IMAGE, OTHER])
def test_what_was_admitted_before_is_decided_as_at_first(directory: ClusterDirectory, image: str) -> None:
    for made in (daemon_set(image=image, tolerations=EVERYWHERE), pod(image=image)):
        once = admitted(directory, made)
        assert patches(directory, once) == []


def test_what_was_admitted_before_is_decided_anew_once_a_node_has_other_images(directory: ClusterDirectory) -> None:
    agents = admitted(directory, daemon_set(image=OTHER, tolerations=EVERYWHERE))
    write_roster(directory, [Role(SYSTEM.node, SYSTEM.group, SYSTEM.labels, (), (IMAGE, OTHER)), SPARK])
    assert kinds(admitted(directory, agents)["spec"]["template"]["spec"]["affinity"]) == []
    write_roster(directory, [SYSTEM, SPARK])
    assert kinds(admitted(directory, agents)["spec"]["template"]["spec"]["affinity"]) == [SIMULATED]


def test_what_an_author_asks_of_nodes_counts_and_stays(directory: ClusterDirectory) -> None:
    here = {"key": WORKLOAD, "operator": "In", "values": ["spark"]}
    term = {"nodeSelectorTerms": [{"matchExpressions": [here]}]}
    asked = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}}
    made = admitted(directory, pod(affinity=asked))
    assert made["spec"]["affinity"] == kept_to(asked, SIMULATED)
    assert kept_to(made["spec"]["affinity"], None) == asked


def test_the_api_server_asks_about_every_new_pod_and_daemon_set_and_makes_none_without_an_answer(
    directory: ClusterDirectory,
) -> None:
    (webhook,) = node_webhook(directory, Ports(1, 2, 3, 4, 5, 6))["webhooks"]
    assert webhook["clientConfig"]["url"] == f"https://127.0.0.1:6{PATH}"
    authority = base64.b64decode(webhook["clientConfig"]["caBundle"])
    assert authority == (directory.pki / "ca.crt").read_bytes()
    asked = {each["resources"][0]: each["operations"] for each in webhook["rules"]}
    assert asked == {"pods": ["CREATE"], "daemonsets": ["CREATE", "UPDATE"]}
    assert webhook["failurePolicy"] == "Fail"


@pytest.mark.parametrize(
    ("priority", "image", "asked", "left"),
    [
        ("moka-platform", IMAGE, "500m", "100m"),
        ("moka-platform", IMAGE, "1", "100m"),
        ("moka-platform", IMAGE, "50m", "50m"),
        ("moka-platform", "registry.example/missing:1", "500m", "500m"),
        ("", IMAGE, "500m", "500m"),
    ],
    ids=["more", "whole cores", "less", "on a simulated node", "an application"],
)
def test_platform_pods_share_the_machines_cores_on_real_nodes_and_limits_stay(
    directory: ClusterDirectory, priority: str, image: str, asked: str, left: str
) -> None:
    made = pod(image=image, nodeSelector={WORKLOAD: "system"}, priorityClassName=priority)
    made["spec"]["containers"][0]["resources"] = {"requests": {"cpu": asked, "memory": "1Gi"}, "limits": {"cpu": "2"}}
    resources = admitted(directory, made)["spec"]["containers"][0]["resources"]
    assert resources == {"requests": {"cpu": left, "memory": "1Gi"}, "limits": {"cpu": "2"}}
