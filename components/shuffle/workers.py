"""Celeborn's workers: one on each node that is kept for shuffles, with nearly all of its memory and its array.

They stop slowly, because applications read from them: a worker first closes and sorts what it has, so that it can serve
it again after its restart. Leaves out moving shuffles to other workers, which Celeborn cannot do: a node that goes for
good is emptied beforehand, as docs/shuffle.md says, or its shuffles are read from their copies.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.shuffle.addresses import WORKER_PORTS
from components.shuffle.capacity import Workers
from components.shuffle.configuration import GRACE_SECONDS
from components.shuffle.containers import (
    CONFIGURATION_VOLUME,
    DATA,
    DATA_VOLUME,
    JAVA_OPTIONS,
    SCRATCH_VOLUME,
    celeborn_container,
)
from components.workloads.config_files import config_volume
from components.workloads.containers import mount, resources
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import (
    on_shuffle_nodes,
    one_on_each_node,
    spread_over_zones,
    tolerate_shuffle_nodes,
)
from components.workloads.security import restricted_pod
from components.workloads.services import replica_service_name
from components.workloads.volumes import claimed_volume, scratch_volume
from components.workloads.workload import Workload

Core = kubernetes.core.v1

# To stop, and to start and register again.
MINUTES_A_WORKER = GRACE_SECONDS // 60 + 4


def workers_spec(
    workload: Workload,
    workers: Workers,
    user_id: int,
    *,
    configuration: pulumi.Input[str],
    claim: pulumi.Input[str],
) -> kubernetes.apps.v1.StatefulSetSpecArgs:
    """The workers.

    Args:
        workload: name and image.
        workers: how many, and what each has.
        user_id: the image's.
        configuration: name of the ConfigMap with Celeborn's files.
        claim: name of the claim on the nodes' directories.
    """
    container = celeborn_container(
        workload,
        "start-worker.sh",
        WORKER_PORTS,
        cpu=str(workers.cpus),
        memory_mib=workers.memory_mib,
        values={
            "CELEBORN_WORKER_MEMORY": f"{workers.heap_gib}g",
            "CELEBORN_WORKER_OFFHEAP_MEMORY": f"{workers.direct_gib}g",
            "CELEBORN_WORKER_JAVA_OPTS": JAVA_OPTIONS,
        },
    )
    return kubernetes.apps.v1.StatefulSetSpecArgs(
        replicas=workers.count,
        service_name=replica_service_name(workload),
        # They don't wait for each other; a change still rolls one at a time.
        pod_management_policy="Parallel",
        selector=workload.label_selector(),
        template=Core.PodTemplateSpecArgs(
            metadata=workload.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=workload.name,
                automount_service_account_token=False,
                priority_class_name=PLATFORM,
                node_selector=on_shuffle_nodes(),
                tolerations=tolerate_shuffle_nodes(),
                affinity=one_on_each_node(workload.selector),
                topology_spread_constraints=spread_over_zones(workload.selector),
                termination_grace_period_seconds=GRACE_SECONDS,
                security_context=restricted_pod(user_id),
                init_containers=[owner(workload, user_id)],
                containers=[container],
                volumes=[
                    config_volume(CONFIGURATION_VOLUME, configuration),
                    claimed_volume(DATA_VOLUME, claim),
                    scratch_volume(SCRATCH_VOLUME),
                ],
            ),
        ),
    )


def owner(workload: Workload, user_id: int) -> kubernetes.core.v1.ContainerArgs:
    """Gives the node's directory, which the kubelet makes as root, to the worker's user; root may do no more here.

    Args:
        workload: its image has the command.
        user_id: the image's.
    """
    return Core.ContainerArgs(
        name="owner",
        image=workload.image.reference,
        command=["chown", f"{user_id}:{user_id}", DATA],
        resources=resources(cpu="50m", memory_mib=64),
        security_context=Core.SecurityContextArgs(
            run_as_user=0,
            run_as_non_root=False,
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=Core.CapabilitiesArgs(drop=["ALL"], add=["CHOWN"]),
        ),
        volume_mounts=[mount(DATA_VOLUME, DATA)],
    )


def rollout_timeouts(workers: Workers) -> pulumi.CustomTimeouts:
    """How long the deployment waits for all workers, of which each may take its time to stop.

    Args:
        workers: how many.
    """
    minutes = f"{workers.count * MINUTES_A_WORKER}m"
    return pulumi.CustomTimeouts(create="30m", update=minutes, delete="30m")
