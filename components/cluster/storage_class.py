"""The class of volumes that a claim gets when it names none."""

import pulumi
import pulumi_kubernetes as kubernetes

STORAGE_CLASS_NAME = "gp3"


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
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true", "csi.storage.k8s.io/fstype": "ext4"},
        volume_binding_mode="WaitForFirstConsumer",
        allow_volume_expansion=True,
        reclaim_policy="Delete",
        opts=opts,
    )
