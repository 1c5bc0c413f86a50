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


def scratch_volume(name: str) -> kubernetes.core.v1.VolumeArgs:
    """A writable directory that lives as long as its pod, for programs on a read-only root."""
    return kubernetes.core.v1.VolumeArgs(
        name=name, empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit="256Mi")
    )
