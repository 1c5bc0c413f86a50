"""Makes, grows, attaches and deletes volumes of claims as the Amazon EBS CSI driver and its helpers would.

A volume stands in the zone of the node that the scheduler chose for the claim's first pod, and can be used in that
zone alone. Leaves out snapshots, the time that EBS takes, and its limits on how often a volume changes.

Sources: Kubernetes documentation, "Storage Classes" (volume binding mode), "Persistent Volumes" (expansion,
reclaiming) and "Volume Attributes Classes"; kubernetes-csi/external-provisioner, external-resizer and
external-attacher.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from local_cluster.kubernetes_api import FIELD_MANAGER, KubernetesApi
from offline.checks.kubernetes.quantities import units

DRIVER = "ebs.csi.aws.com"
ZONE = "topology.kubernetes.io/zone"

_SELECTED_NODE = "volume.kubernetes.io/selected-node"
_PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"


class Provisioner:
    """The driver's controller.

    Args:
        api: of the cluster.
        place: directory of what real nodes mount (`csi_node`).
    """

    def __init__(self, api: KubernetesApi, place: Path) -> None:
        self._api = api
        self._place = place

    def look(self) -> None:
        """Bring volumes in line with claims, once."""
        classes = {
            each["metadata"]["name"]: each
            for each in self._api.listed("StorageClass", "storage.k8s.io/v1")
            if each["provisioner"] == DRIVER
        }
        volumes = {each["metadata"]["name"]: each for each in self._api.listed("PersistentVolume")}
        claims = self._api.listed("PersistentVolumeClaim")
        for claim in claims:
            storage_class = classes.get(claim["spec"].get("storageClassName") or "")
            if storage_class is None or claim["metadata"].get("deletionTimestamp"):
                continue
            bound = claim["spec"].get("volumeName")
            if bound is None:
                self._provide(claim, storage_class, volumes)
            elif bound in volumes:
                self._grow(claim, volumes[bound])
                self._modify(claim, volumes[bound])
        for volume in volumes.values():
            self._reclaim(volume)
        for attachment in self._api.listed("VolumeAttachment", "storage.k8s.io/v1"):
            self._attach(attachment)

    def _provide(self, claim: dict[str, Any], storage_class: dict[str, Any], volumes: dict[str, Any]) -> None:
        name = f"pvc-{claim['metadata']['uid']}"
        if name in volumes:
            return
        zone = self._zone_for(claim, storage_class)
        if zone is None:
            return
        metadata = claim["metadata"]
        reference = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            **{key: metadata[key] for key in ("name", "namespace", "uid", "resourceVersion")},
        }
        spec: dict[str, Any] = {
            "capacity": {"storage": claim["spec"]["resources"]["requests"]["storage"]},
            "accessModes": claim["spec"]["accessModes"],
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "storageClassName": storage_class["metadata"]["name"],
            "volumeMode": claim["spec"].get("volumeMode", "Filesystem"),
            "claimRef": reference,
            "csi": {"driver": DRIVER, "fsType": "ext4", "volumeHandle": _volume_id(metadata["uid"])},
            "nodeAffinity": {
                "required": {
                    "nodeSelectorTerms": [{"matchExpressions": [{"key": ZONE, "operator": "In", "values": [zone]}]}]
                }
            },
        }
        if attributes := claim["spec"].get("volumeAttributesClassName"):
            spec["volumeAttributesClassName"] = attributes
        self._api.apply(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": {"name": name, "annotations": {_PROVISIONED_BY: DRIVER}},
                "spec": spec,
            }
        )

    def _zone_for(self, claim: dict[str, Any], storage_class: dict[str, Any]) -> str | None:
        """The zone in which a claim's volume is made; None while nothing decides it."""
        node = (claim["metadata"].get("annotations") or {}).get(_SELECTED_NODE)
        nodes = self._api.listed("Node")
        if node is None and storage_class.get("volumeBindingMode") == "WaitForFirstConsumer":
            return None
        zones = [each["metadata"]["labels"].get(ZONE) for each in nodes if node in (None, each["metadata"]["name"])]
        return next((zone for zone in zones if zone), None)

    def _grow(self, claim: dict[str, Any], volume: dict[str, Any]) -> None:
        wanted = claim["spec"]["resources"]["requests"]["storage"]
        has = (claim.get("status", {}).get("capacity") or {}).get("storage", "0")
        if claim.get("status", {}).get("phase") != "Bound" or units(wanted) <= units(has):
            return
        self._patch("PersistentVolume", volume, {"spec": {"capacity": {"storage": wanted}}})
        self._patch_status(claim, {"status": {"capacity": {"storage": wanted}}})

    def _modify(self, claim: dict[str, Any], volume: dict[str, Any]) -> None:
        wanted = claim["spec"].get("volumeAttributesClassName")
        if not wanted:
            return
        if volume["spec"].get("volumeAttributesClassName") != wanted:
            self._patch("PersistentVolume", volume, {"spec": {"volumeAttributesClassName": wanted}})
        if claim.get("status", {}).get("currentVolumeAttributesClassName") != wanted:
            self._patch_status(claim, {"status": {"currentVolumeAttributesClassName": wanted}})

    def _reclaim(self, volume: dict[str, Any]) -> None:
        """Delete what a claim let go of; the control plane keeps the object until it is not in use."""
        spec, metadata = volume["spec"], volume["metadata"]
        if (
            is_provided(volume)
            and volume.get("status", {}).get("phase") == "Released"
            and spec["persistentVolumeReclaimPolicy"] == "Delete"
            and not metadata.get("deletionTimestamp")
        ):
            self._api.resource("PersistentVolume").delete(name=metadata["name"])
            shutil.rmtree(self._place / spec["csi"]["volumeHandle"], ignore_errors=True)

    def _attach(self, attachment: dict[str, Any]) -> None:
        """Say that a volume hangs on its node: kubelets mount none before."""
        if attachment["spec"]["attacher"] == DRIVER and not attachment.get("status", {}).get("attached"):
            self._api.resource("VolumeAttachment", "storage.k8s.io/v1").status.patch(
                name=attachment["metadata"]["name"],
                body={"status": {"attached": True}},
                content_type="application/merge-patch+json",
                field_manager=FIELD_MANAGER,
            )

    def _patch(self, kind: str, found: dict[str, Any], body: dict[str, Any]) -> None:
        self._api.resource(kind).patch(
            name=found["metadata"]["name"],
            namespace=found["metadata"].get("namespace"),
            body=body,
            content_type="application/merge-patch+json",
            field_manager=FIELD_MANAGER,
        )

    def _patch_status(self, claim: dict[str, Any], body: dict[str, Any]) -> None:
        self._api.resource("PersistentVolumeClaim").status.patch(
            name=claim["metadata"]["name"],
            namespace=claim["metadata"]["namespace"],
            body=body,
            content_type="application/merge-patch+json",
            field_manager=FIELD_MANAGER,
        )


def is_provided(volume: dict[str, Any]) -> bool:
    """Whether a volume was made here."""
    return (volume["metadata"].get("annotations") or {}).get(_PROVISIONED_BY) == DRIVER


def _volume_id(seed: str) -> str:
    """An id such as Amazon EBS gives, always the same for a claim."""
    return f"vol-{hashlib.sha256(seed.encode()).hexdigest()[:17]}"
