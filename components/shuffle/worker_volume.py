"""The directory of each shuffle node in which its worker keeps shuffles, on the array of local NVMe volumes.

A worker that restarts, or that is rolled, finds what it wrote: an emptyDir would go with the pod. Pod Security's
baseline level refuses hostPath volumes in pods; a persistent volume is another matter, and shows each node its own
directory. That a pod comes back to its node follows from there being as many workers as nodes, and one on each.

Source: awslabs/amazon-eks-ami, setup-local-disks (the array's mount point); Kubernetes documentation, "Persistent
Volumes" (reserving a volume) and "Pod Security Standards".
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.labels import PART_OF
from components.workloads.workload import object_name

DIRECTORY = "/mnt/k8s-disks/0/celeborn"
CLAIM = "celeborn-workers"
VOLUME = f"moka-{CLAIM}"
# Kubernetes wants a size and holds a hostPath volume to none; Celeborn keeps to the capacity in its configuration.
SIZE = "1Gi"
# Bound by name: no storage class makes another volume for the claim.
NO_STORAGE_CLASS = ""
LABELS = {"app.kubernetes.io/part-of": PART_OF}

Core = kubernetes.core.v1


def worker_volume(name: str, namespace: str, *, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.PersistentVolume:
    """The volume, kept for the one claim.

    Args:
        name: logical name.
        namespace: namespace of the claim.
        opts: options of the component that owns it.
    """
    return Core.PersistentVolume(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=VOLUME, labels=LABELS),
        spec=Core.PersistentVolumeSpecArgs(
            capacity={"storage": SIZE},
            access_modes=["ReadWriteMany"],
            persistent_volume_reclaim_policy="Retain",
            storage_class_name=NO_STORAGE_CLASS,
            claim_ref=Core.ObjectReferenceArgs(namespace=namespace, name=CLAIM),
            host_path=Core.HostPathVolumeSourceArgs(path=DIRECTORY, type="DirectoryOrCreate"),
        ),
        opts=opts,
    )


def worker_claim(
    name: str,
    namespace: pulumi.Input[str],
    volume: kubernetes.core.v1.PersistentVolume,
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.PersistentVolumeClaim:
    """The claim that all workers mount.

    Args:
        name: logical name.
        namespace: its namespace, as an output so that it waits for it.
        volume: what it is bound to.
        opts: options of the component that owns it.
    """
    return Core.PersistentVolumeClaim(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=CLAIM, namespace=namespace, labels=LABELS),
        spec=Core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteMany"],
            storage_class_name=NO_STORAGE_CLASS,
            volume_name=object_name(volume.metadata),
            resources=Core.VolumeResourceRequirementsArgs(requests={"storage": SIZE}),
        ),
        opts=opts,
    )
