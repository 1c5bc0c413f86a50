"""Volumes of workloads: those that keep data, and those that end with their pod."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload

# The storage class of encrypted gp3 volumes, which the cluster brings.
STORAGE_CLASS = "gp3"
# The kind of volume, which the cluster brings too; it outlives every volume of a claim that names it.
VOLUME_CLASS = "gp3"


def volume_claim(
    name: str, workload: Workload, replica: int, size_gib: int, *, protect: bool, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.PersistentVolumeClaim:
    """The claim on one replica's volume, which Amazon EBS makes in the zone of the first pod that names it.

    A larger size grows the volume while it is in use. Kubernetes refuses a smaller one.

    Args:
        name: logical name.
        workload: whose volume it is.
        replica: number of the replica, from 0.
        size_gib: size of the volume.
        protect: refuse to delete the claim, which would delete the volume and all that is on it.
        opts: options of the component that owns it.

    Source: Kubernetes documentation, "Persistent Volumes", "Expanding Persistent Volumes Claims"; pulumi-kubernetes,
    await logic of a PersistentVolumeClaim: a new claim of a class that waits for its first pod counts as made while it
    waits, and a changed one is not waited for.
    """
    return kubernetes.core.v1.PersistentVolumeClaim(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=f"data-{workload.name}-{replica}", namespace=workload.namespace, labels=workload.selector
        ),
        spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=STORAGE_CLASS,
            volume_attributes_class_name=VOLUME_CLASS,
            resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": f"{size_gib}Gi"}),
        ),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=protect)),
    )


def claimed_volume(name: str, claim: pulumi.Input[str]) -> kubernetes.core.v1.VolumeArgs:
    """The volume behind a claim.

    Args:
        name: name that containers mount it by.
        claim: name of the claim.
    """
    return kubernetes.core.v1.VolumeArgs(
        name=name, persistent_volume_claim=kubernetes.core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim)
    )


def scratch_volume(name: str, size_mib: int = 256) -> kubernetes.core.v1.VolumeArgs:
    """A writable directory that lives as long as its pod, for programs on a read-only root.

    Args:
        name: name that containers mount it by.
        size_mib: size above which the kubelet evicts the pod.
    """
    return kubernetes.core.v1.VolumeArgs(
        name=name, empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=f"{size_mib}Mi")
    )


def optional_secret_volume(name: str, secret: str) -> kubernetes.core.v1.VolumeArgs:
    """A directory with a Secret's keys as files, empty while there is no such Secret.

    Args:
        name: name that containers mount it by.
        secret: name of the Secret, which people or a controller make.
    """
    return kubernetes.core.v1.VolumeArgs(
        name=name,
        secret=kubernetes.core.v1.SecretVolumeSourceArgs(secret_name=secret, optional=True, default_mode=0o440),
    )
