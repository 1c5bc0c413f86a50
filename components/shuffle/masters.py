"""Celeborn's masters: three that agree by Raft, each in a zone of its own with a small volume.

One StatefulSet holds them, since each must find the others while it starts. Its template for claims is never changed:
what masters keep is small and does not grow.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.shuffle.addresses import MASTER_PORTS, MASTERS
from components.shuffle.containers import (
    CONFIGURATION_VOLUME,
    DATA_VOLUME,
    JAVA_OPTIONS,
    SCRATCH_VOLUME,
    celeborn_container,
)
from components.workloads.config_files import config_volume
from components.workloads.priority import ZONAL
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_pod
from components.workloads.services import replica_service_name
from components.workloads.volumes import STORAGE_CLASS, VOLUME_CLASS, scratch_volume
from components.workloads.workload import Workload

Core = kubernetes.core.v1

# What applications and workers there are, and where which partitions lie: no more than a few kilobytes each.
HEAP_GIB = 1
# Outside the heap: buffers of the network, and Raft's log segments.
MEMORY_MIB = HEAP_GIB * 1024 + 1024
VOLUME_GIB = 8
# A leader hands over within half of it.
GRACE_SECONDS = 60


def masters_spec(
    workload: Workload, user_id: int, configuration: pulumi.Input[str]
) -> kubernetes.apps.v1.StatefulSetSpecArgs:
    """The masters.

    Args:
        workload: name and image.
        user_id: the image's.
        configuration: name of the ConfigMap with Celeborn's files.
    """
    container = celeborn_container(
        workload,
        "start-master.sh",
        MASTER_PORTS,
        cpu="500m",
        memory_mib=MEMORY_MIB,
        values={"CELEBORN_MASTER_MEMORY": f"{HEAP_GIB}g", "CELEBORN_MASTER_JAVA_OPTS": JAVA_OPTIONS},
    )
    return kubernetes.apps.v1.StatefulSetSpecArgs(
        replicas=MASTERS,
        service_name=replica_service_name(workload),
        # One alone elects no leader, so the first would never be followed by a second.
        pod_management_policy="Parallel",
        selector=workload.label_selector(),
        volume_claim_templates=[_claim(workload)],
        # Nothing in the volumes outlives the applications that run.
        persistent_volume_claim_retention_policy=(
            kubernetes.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                when_deleted="Delete", when_scaled="Delete"
            )
        ),
        template=Core.PodTemplateSpecArgs(
            metadata=workload.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=workload.name,
                automount_service_account_token=False,
                priority_class_name=ZONAL,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(workload.selector, required_zones=MASTERS),
                termination_grace_period_seconds=GRACE_SECONDS,
                security_context=restricted_pod(user_id),
                containers=[container],
                volumes=[config_volume(CONFIGURATION_VOLUME, configuration), scratch_volume(SCRATCH_VOLUME)],
            ),
        ),
    )


def _claim(workload: Workload) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
    # What the API server would fill in stands here, or it would count as a change.
    return Core.PersistentVolumeClaimArgs(
        api_version="v1",
        kind="PersistentVolumeClaim",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=DATA_VOLUME, labels=workload.selector),
        spec=Core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=STORAGE_CLASS,
            volume_attributes_class_name=VOLUME_CLASS,
            volume_mode="Filesystem",
            resources=Core.VolumeResourceRequirementsArgs(requests={"storage": f"{VOLUME_GIB}Gi"}),
        ),
        status=Core.PersistentVolumeClaimStatusArgs(phase="Pending"),
    )
