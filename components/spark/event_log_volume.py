"""The directory of each node in which drivers keep what Amazon S3 does not have yet of their event logs.

Pod Security's baseline level refuses hostPath volumes in pods, and teams' namespaces keep to it. A persistent volume
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
# Kubernetes wants a size and holds a hostPath volume to none.
SIZE = "1Gi"
# Bound by name: no storage class makes another volume for the claim.
NO_STORAGE_CLASS = ""
LABELS = {"app.kubernetes.io/part-of": PART_OF}

Core = kubernetes.core.v1


def event_log_volume(name: str, namespace: str, *, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.PersistentVolume:
    """The volume, kept for the claim of one namespace, since a volume has one claim; all show the same directories.

    Args:
        name: logical name.
        namespace: namespace of the claim.
        opts: options of the component that owns it.
    """
    return Core.PersistentVolume(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=f"moka-{namespace}-event-logs", labels=LABELS),
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


def event_log_claim(
    name: str,
    namespace: pulumi.Input[str],
    volume: kubernetes.core.v1.PersistentVolume,
    *,
    opts: pulumi.ResourceOptions,
) -> kubernetes.core.v1.PersistentVolumeClaim:
    """The claim that drivers mount.

    It goes with its namespace: Kubernetes keeps a claim for as long as a pod uses it, so deleting it alone would wait
    for the last application to end.

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
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(retain_on_delete=True)),
    )
