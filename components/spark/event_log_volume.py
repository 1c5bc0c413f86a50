"""The directory of each node in which drivers keep what Amazon S3 does not have yet of their event logs.

Pod Security's baseline level refuses hostPath volumes in pods, and namespace `spark` keeps to it. A persistent volume
that someone with rights over the cluster makes is another matter: drivers mount its claim, each node shows its own
directory, and no application can name another path. Applications that run on one node at the same time can read each
other's open event logs there, as they can in the bucket.

Source: Kubernetes documentation, "Persistent Volumes" (reserving a volume) and "Pod Security Standards".
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.cluster.node_config import EVENT_LOG_DIRECTORY
from components.workloads.labels import PART_OF
from components.workloads.workload import object_name

CLAIM = "spark-event-logs"
VOLUME = f"moka-{CLAIM}"
# Kubernetes wants a size and holds a hostPath volume to none.
SIZE = "1Gi"
# Bound by name: no storage class makes another volume for the claim.
NO_STORAGE_CLASS = ""

Core = kubernetes.core.v1


def event_log_volume(
    name: str, namespace: str, space: pulumi.Input[str], *, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.PersistentVolumeClaim:
    """The volume and the one claim that it waits for.

    Args:
        name: logical name of both.
        namespace: namespace of the claim.
        space: the namespace as an output, so that the claim waits for it.
        opts: options of the component that owns them.
    """
    labels = {"app.kubernetes.io/part-of": PART_OF}
    volume = Core.PersistentVolume(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=VOLUME, labels=labels),
        spec=Core.PersistentVolumeSpecArgs(
            capacity={"storage": SIZE},
            access_modes=["ReadWriteMany"],
            persistent_volume_reclaim_policy="Retain",
            storage_class_name=NO_STORAGE_CLASS,
            claim_ref=Core.ObjectReferenceArgs(namespace=namespace, name=CLAIM),
            # A driver on a node without it waits and says why; one that could not write there would fail.
            host_path=Core.HostPathVolumeSourceArgs(path=EVENT_LOG_DIRECTORY, type="Directory"),
        ),
        opts=opts,
    )
    return Core.PersistentVolumeClaim(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=CLAIM, namespace=space, labels=labels),
        spec=Core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteMany"],
            storage_class_name=NO_STORAGE_CLASS,
            volume_name=object_name(volume.metadata),
            resources=Core.VolumeResourceRequirementsArgs(requests={"storage": SIZE}),
        ),
        opts=opts,
    )
