"""The classes of volumes: where they come from, which a claim gets when it names none, and what kind they are."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.rollout import PATIENT

STORAGE_CLASS_NAME = "gp3"
DRIVER = "ebs.csi.aws.com"


def make_default_storage_class(name: str, *, opts: pulumi.ResourceOptions) -> kubernetes.storage.v1.StorageClass:
    """Encrypted gp3 volumes, made in the zone where the pod is scheduled and growable later.

    Args:
        name: logical name of the component that makes it.
        opts: options of the resource.
    """
    return kubernetes.storage.v1.StorageClass(
        f"{name}-{STORAGE_CLASS_NAME}",
        metadata={
            "name": STORAGE_CLASS_NAME,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        provisioner=DRIVER,
        parameters={"type": "gp3", "encrypted": "true", "csi.storage.k8s.io/fstype": "ext4"},
        volume_binding_mode="WaitForFirstConsumer",
        allow_volume_expansion=True,
        reclaim_policy="Delete",
        opts=opts,
    )


def make_volume_class(name: str, *, opts: pulumi.ResourceOptions) -> kubernetes.storage.v1.VolumeAttributesClass:
    """The kind of volume that every claim names, which holds the driver until their volumes are deleted.

    Deleting a claim only releases its volume, which the driver deletes some moments later; nothing waits for that, and
    a driver that is gone by then leaves the volume, and its bill. Kubernetes keeps this class while any claim or volume
    names it, so its own deletion ends when the last volume has. It must depend on the driver, and claims on it.

    Args:
        name: logical name of the component that makes it.
        opts: options of the resource.

    Source: Kubernetes documentation, "Volume Attributes Classes", stable since 1.34, and k8s.io/kubernetes,
    pkg/controller/volume/vacprotection; Amazon EBS CSI driver, "Volume Modification".
    """
    return kubernetes.storage.v1.VolumeAttributesClass(
        f"{name}-{STORAGE_CLASS_NAME}",
        metadata={"name": STORAGE_CLASS_NAME},
        driver_name=DRIVER,
        # A class holds one at least; this is what the storage class says.
        parameters={"type": "gp3"},
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(custom_timeouts=PATIENT)),
    )
