"""A directory of each node, shown to pods of one namespace by a persistent volume.

Pod Security's baseline level refuses hostPath volumes in pods. A persistent volume that someone with rights over the
cluster makes is another matter: pods mount its claim, each node shows its own directory, and nobody can name another
path.

Source: Kubernetes documentation, "Persistent Volumes" (reserving a volume) and "Pod Security Standards".
"""

from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF
from components.workloads.workload import object_name

# Kubernetes wants a size and holds a hostPath volume to none.
SIZE = "1Gi"
# Bound by name: no storage class makes another volume for the claim.
NO_STORAGE_CLASS = ""
LABELS = {"app.kubernetes.io/part-of": PART_OF}

Core = kubernetes.core.v1


@dataclass(frozen=True)
class NodeDirectory:
    """The volume and its one claim, by their physical names.

    Args:
        path: the directory.
        kind: whether a pod on a node without it waits and says why, or has it made.
        volume: name of the volume.
        namespace: namespace of the claim.
        claim: name of the claim.
    """

    path: str
    kind: Literal["Directory", "DirectoryOrCreate"]
    volume: str
    namespace: str
    claim: str

    def make_volume(self, name: str, *, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.PersistentVolume:
        """The volume, kept for the claim.

        Args:
            name: logical name.
            opts: options of the component that owns it.
        """
        return Core.PersistentVolume(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=self.volume, labels=LABELS),
            spec=Core.PersistentVolumeSpecArgs(
                capacity={"storage": SIZE},
                access_modes=["ReadWriteMany"],
                persistent_volume_reclaim_policy="Retain",
                storage_class_name=NO_STORAGE_CLASS,
                claim_ref=Core.ObjectReferenceArgs(namespace=self.namespace, name=self.claim),
                host_path=Core.HostPathVolumeSourceArgs(path=self.path, type=self.kind),
            ),
            opts=opts,
        )

    def make_claim(
        self,
        name: str,
        namespace: pulumi.Input[str],
        volume: kubernetes.core.v1.PersistentVolume,
        *,
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.core.v1.PersistentVolumeClaim:
        """The claim that pods mount.

        Args:
            name: logical name.
            namespace: its namespace, as an output so that it waits for it.
            volume: what it is bound to.
            opts: options of the component that owns it.
        """
        return Core.PersistentVolumeClaim(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=self.claim, namespace=namespace, labels=LABELS),
            spec=Core.PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteMany"],
                storage_class_name=NO_STORAGE_CLASS,
                volume_name=object_name(volume.metadata),
                resources=Core.VolumeResourceRequirementsArgs(requests={"storage": SIZE}),
            ),
            opts=opts,
        )
