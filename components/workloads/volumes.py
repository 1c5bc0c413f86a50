"""Volumes of stateful workloads."""

import pulumi_kubernetes as kubernetes

from components.workloads.workload import Workload

# The storage class of encrypted gp3 volumes, which the cluster brings.
STORAGE_CLASS = "gp3"


def volume_claim(workload: Workload, name: str, size_gib: int) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
    """The claim that gives each replica a volume of its own.

    Args:
        workload: whose replicas.
        name: name that containers mount it by.
        size_gib: size; a larger one later means a new StatefulSet, since its claims cannot change.
    """
    return kubernetes.core.v1.PersistentVolumeClaimArgs(
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, labels=workload.selector),
        spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=STORAGE_CLASS,
            resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": f"{size_gib}Gi"}),
        ),
    )


def claim_retention(*, keep: bool) -> kubernetes.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs:
    """What becomes of the volumes when the StatefulSet goes: nothing while protected, else they go with it.

    Without it every destroy would leave its volumes behind, and their bill.
    """
    return kubernetes.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
        when_deleted="Retain" if keep else "Delete", when_scaled="Retain"
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
