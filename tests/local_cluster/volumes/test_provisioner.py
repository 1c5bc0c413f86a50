"""Volumes for claims: in the zone of their pod, as large as asked for, attached, and gone with their claim."""

from pathlib import Path
from typing import Any, cast

import pytest

from local_cluster.kubernetes_api import KubernetesApi
from local_cluster.volumes.provisioner import DRIVER, ZONE, Provisioner

SELECTED = "volume.kubernetes.io/selected-node"


class Objects:
    """The objects of a cluster, in memory."""

    def __init__(self) -> None:
        self.of: dict[str, list[dict[str, Any]]] = {
            "Node": [
                {"metadata": {"name": f"node-{zone}", "labels": {ZONE: zone}}} for zone in ("us-east-1a", "us-east-1b")
            ],
            "StorageClass": [
                {
                    "metadata": {"name": "gp3"},
                    "provisioner": DRIVER,
                    "reclaimPolicy": "Delete",
                    "volumeBindingMode": "WaitForFirstConsumer",
                },
                {"metadata": {"name": "other"}, "provisioner": "example.org/other"},
            ],
            "PersistentVolume": [],
            "PersistentVolumeClaim": [],
            "VolumeAttachment": [],
        }
        self.patches: list[tuple[str, dict[str, Any]]] = []
        self.deleted: list[str] = []

    def listed(self, kind: str, _version: str = "v1", **_: Any) -> list[dict[str, Any]]:
        return self.of[kind]

    def apply(self, *made: dict[str, Any]) -> None:
        for each in made:
            self.of[each["kind"]].append(each)

    def resource(self, _kind: str, _version: str = "v1") -> "Objects":
        return self

    @property
    def status(self) -> "Objects":
        return self

    def patch(self, *, name: str, body: dict[str, Any], **_: Any) -> None:
        self.patches.append((name, body))

    def delete(self, *, name: str) -> None:
        self.deleted.append(name)

    def claim(self, storage_class: str = "gp3", node: str = "", **spec: Any) -> dict[str, Any]:
        made = {
            "metadata": {
                "name": "data",
                "namespace": "monitoring",
                "uid": "u1",
                "resourceVersion": "1",
                "annotations": {SELECTED: node} if node else {},
            },
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "50Gi"}},
                "storageClassName": storage_class,
                **spec,
            },
        }
        self.of["PersistentVolumeClaim"].append(made)
        return made

    def look(self, place: Path = Path("volumes")) -> None:
        Provisioner(cast(KubernetesApi, self), place).look()

    def attachment(self, name: str, attacher: str, **status: Any) -> None:
        self.of["VolumeAttachment"].append({"metadata": {"name": name}, "spec": {"attacher": attacher}, **status})


@pytest.fixture
def objects() -> Objects:
    """A cluster with two zones."""
    return Objects()


def test_a_volume_stands_in_the_zone_of_the_node_that_its_pod_was_given(objects: Objects) -> None:
    objects.claim(node="node-us-east-1b", volumeAttributesClassName="gp3")
    objects.look()
    objects.look()
    (volume,) = objects.of["PersistentVolume"]
    (term,) = volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": ZONE, "operator": "In", "values": ["us-east-1b"]}]
    assert volume["spec"]["capacity"] == {"storage": "50Gi"}
    assert (volume["spec"]["claimRef"]["uid"], volume["spec"]["volumeAttributesClassName"]) == ("u1", "gp3")


@pytest.mark.parametrize(("storage_class", "node"), [("gp3", ""), ("other", "node-us-east-1a")])
def test_no_volume_is_made_before_a_pod_wants_it_or_for_another_driver(
    objects: Objects, storage_class: str, node: str
) -> None:
    objects.claim(storage_class, node)
    objects.look()
    assert objects.of["PersistentVolume"] == []


def test_a_claim_that_asks_for_more_gets_more(objects: Objects) -> None:
    claim = objects.claim(node="node-us-east-1a")
    objects.look()
    (volume,) = objects.of["PersistentVolume"]
    claim["spec"] |= {"volumeName": volume["metadata"]["name"], "resources": {"requests": {"storage": "60Gi"}}}
    claim["status"] = {"phase": "Bound", "capacity": {"storage": "50Gi"}}
    objects.look()
    assert objects.patches == [
        (volume["metadata"]["name"], {"spec": {"capacity": {"storage": "60Gi"}}}),
        ("data", {"status": {"capacity": {"storage": "60Gi"}}}),
    ]


@pytest.mark.parametrize(
    ("phase", "policy", "goes"),
    [("Released", "Delete", True), ("Released", "Retain", False), ("Bound", "Delete", False)],
)
def test_a_volume_goes_with_its_claim_where_its_class_says_so(
    objects: Objects, phase: str, policy: str, goes: bool
) -> None:
    objects.claim(node="node-us-east-1a")
    objects.look()
    (volume,) = objects.of["PersistentVolume"]
    volume["status"] = {"phase": phase}
    volume["spec"]["persistentVolumeReclaimPolicy"] = policy
    objects.look()
    assert (objects.deleted == [volume["metadata"]["name"]]) is goes


@pytest.mark.parametrize(("policy", "goes"), [("Delete", True), ("Retain", False)])
def test_what_was_written_to_a_volume_goes_with_it_and_with_no_other(
    objects: Objects, tmp_path: Path, policy: str, goes: bool
) -> None:
    objects.claim(node="node-us-east-1a")
    objects.look(tmp_path)
    (volume,) = objects.of["PersistentVolume"]
    own, other = tmp_path / volume["spec"]["csi"]["volumeHandle"], tmp_path / "vol-other"
    for directory in (own, other):
        directory.mkdir()
        (directory / "data").touch()
    volume["spec"]["persistentVolumeReclaimPolicy"] = policy
    objects.look(tmp_path)
    assert own.exists(), "it is in use"
    volume["status"] = {"phase": "Released"}
    objects.look(tmp_path)
    assert own.exists() is not goes
    assert (other / "data").exists()


def test_volumes_of_this_driver_are_attached_once_and_no_others(objects: Objects) -> None:
    objects.attachment("new", DRIVER)
    objects.attachment("old", DRIVER, status={"attached": True})
    objects.attachment("refused", DRIVER, status={"attached": False})
    objects.attachment("another-drivers", "efs.csi.aws.com")
    objects.look()
    attached = {"status": {"attached": True}}
    assert objects.patches == [("new", attached), ("refused", attached)]
