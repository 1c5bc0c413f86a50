"""The Amazon EBS volumes behind a cluster's claims, which outlast their claims by some moments.

A claim's deletion only releases its volume: the driver deletes that later, and Kubernetes removes the PersistentVolume
when it has. Two things wait for that: nothing else, and a VolumeAttributesClass that the volume belongs to, which
Kubernetes keeps while any claim or volume names it. Leaves out volumes that no claim of the stack asks for.

Source: k8s.io/kubernetes, pkg/controller/volume/vacprotection, and Kubernetes documentation, "Volume Attributes
Classes" and "Persistent Volumes" (reclaiming).
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from offline.providers.resource import Resource
from offline.providers.values import plain


@dataclass(frozen=True)
class Volume:
    """One volume.

    Args:
        claim: namespace and name of its claim.
        attributes_class: name of the VolumeAttributesClass that the claim names; empty where it names none.
        released: whether the claim is gone, so that the driver will delete it.
    """

    claim: tuple[str, str]
    attributes_class: str = ""
    released: bool = False

    def __str__(self) -> str:
        return "/".join(self.claim)


class Volumes:
    """The volumes that exist."""

    def __init__(self) -> None:
        self._volumes: dict[tuple[str, str], Volume] = {}
        # The engine deletes resources side by side.
        self._lock = threading.Lock()

    @classmethod
    def of(cls, resources: Iterable[Mapping[str, Any]]) -> "Volumes":
        """Those of the claims in a deployment."""
        volumes = cls()
        for each in resources:
            if each["type"].startswith("kubernetes:"):
                volumes.put(Resource(urn=each["urn"], identifier=each["id"], inputs=each.get("inputs", {})))
        return volumes

    @property
    def standing(self) -> tuple[Volume, ...]:
        """Everything that exists."""
        with self._lock:
            return tuple(self._volumes.values())

    def put(self, resource: Resource) -> None:
        """An object was made or changed: a claim, or a StatefulSet whose controller makes claims."""
        for volume in _claimed_by(resource):
            with self._lock:
                self._volumes[volume.claim] = volume

    def reason_against(self, resource: Resource) -> str:
        """Why Kubernetes would never be done with a deletion, or nothing."""
        if not resource.type.endswith(":VolumeAttributesClass"):
            return ""
        name = str(plain(resource.inputs.get("metadata") or {}).get("name"))
        claimed = [str(each) for each in self.standing if each.attributes_class == name and not each.released]
        if not claimed:
            return ""
        return f"Kubernetes keeps it while claims name it: {', '.join(sorted(claimed))}. They must depend on it"

    def remove(self, resource: Resource) -> None:
        """An object is gone."""
        kind, inputs = resource.type.rpartition(":")[2], plain(resource.inputs)
        name = str((inputs.get("metadata") or {}).get("name"))
        with self._lock:
            for claim, volume in list(self._volumes.items()):
                if kind == "VolumeAttributesClass" and volume.attributes_class == name:
                    # It went when its last volume was gone.
                    del self._volumes[claim]
                elif kind == "Namespace" and claim[0] == name:
                    self._volumes[claim] = replace(volume, released=True)
            if kind == "StatefulSet" and not _takes_claims_along(inputs):
                return
            for volume in _claimed_by(resource):
                if volume.claim in self._volumes:
                    self._volumes[volume.claim] = replace(volume, released=True)


def _takes_claims_along(inputs: Mapping[str, Any]) -> bool:
    policy = (inputs.get("spec") or {}).get("persistentVolumeClaimRetentionPolicy") or {}
    return policy.get("whenDeleted") == "Delete"


def _claimed_by(resource: Resource) -> Iterator[Volume]:
    kind, inputs = resource.type.rpartition(":")[2], plain(resource.inputs)
    metadata, spec = inputs.get("metadata") or {}, inputs.get("spec") or {}
    namespace, name = str(metadata.get("namespace")), str(metadata.get("name"))
    if kind == "PersistentVolumeClaim":
        yield from _dynamic(namespace, name, spec)
    if kind == "StatefulSet":
        for template in spec.get("volumeClaimTemplates") or []:
            for replica in range(int(spec.get("replicas") or 1)):
                claim = f"{template['metadata']['name']}-{name}-{replica}"
                yield from _dynamic(namespace, claim, template.get("spec") or {})


def _dynamic(namespace: str, name: str, spec: Mapping[str, Any]) -> Iterator[Volume]:
    # An empty class is bound to a volume that somebody made.
    if spec.get("storageClassName") != "":
        yield Volume((namespace, name), str(spec.get("volumeAttributesClassName") or ""))
