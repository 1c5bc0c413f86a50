"""A service whose replicas each keep data on a volume of their own, which grows in place and outlives their pods.

Each replica is a StatefulSet of one pod that names a claim of the program. Several replicas in one StatefulSet would
need a template for claims, and Kubernetes lets nobody change a template: a larger volume would be another StatefulSet,
which deletes the claims of the first, or takes them over at their old size.

Leaves out what the pods run, and how replicas agree with each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
import pulumi_kubernetes as kubernetes

from components.workloads.access import service_account
from components.workloads.priority import ZONAL
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_pod
from components.workloads.services import disruption_budget, replica_service, replica_service_name, service
from components.workloads.volumes import claimed_volume, volume_claim
from components.workloads.workload import Workload, object_name

# The name by which containers mount the replica's own volume.
DATA_VOLUME = "data"
REPLICA_KEY = "moka/replica"

Containers = Sequence[kubernetes.core.v1.ContainerArgs]
Ports = Mapping[str, int]


@dataclass(frozen=True)
class StatefulService:
    """What differs between stateful services.

    Args:
        workload: name, namespace and image.
        replicas: how many, each in a zone of its own where there are several.
        volume_gib: size of each replica's volume.
        user_id: numeric user of the image, who owns the volume.
        containers: of each pod; they mount DATA_VOLUME.
        init_containers: that run before these.
        volumes: of each pod beside DATA_VOLUME.
        ports: name to port of the service in front of the replicas.
        replica_ports: further ports at which a replica is reached by itself.
        affinity: ClientIP sends one client to one replica, for replicas whose answers differ a little.
        termination_grace_seconds: time to write what memory holds; Kubernetes' own default where None.
    """

    workload: Workload
    replicas: int
    volume_gib: int
    user_id: int
    containers: Containers
    volumes: Sequence[kubernetes.core.v1.VolumeArgs]
    ports: Ports
    init_containers: Containers = ()
    replica_ports: Ports = field(default_factory=dict[str, int])
    affinity: Literal["None", "ClientIP"] = "None"
    termination_grace_seconds: int | None = None


def replica_host(workload: Workload, index: int) -> str:
    """Host name of one replica inside its namespace, which the service in front of all of them would not tell apart.

    Args:
        workload: the service's.
        index: number of the replica, from 0.

    Source: Kubernetes documentation, "StatefulSets", "Stable Network ID": the only pod of a StatefulSet is its 0th.
    """
    return f"{workload.name}-{index}-0.{replica_service_name(workload)}"


def make_stateful_service(
    name: str,
    made: StatefulService,
    *,
    protect: bool,
    timeouts: pulumi.CustomTimeouts | None = None,
    opts: pulumi.ResourceOptions,
) -> None:
    """All objects of a stateful service.

    Args:
        name: logical name.
        made: the service.
        protect: refuse to delete the volumes.
        timeouts: of a replica that starts or rolls slowly.
        opts: options of the component that owns it.
    """
    workload = made.workload
    needs = [
        service_account(name, workload, opts=opts),
        replica_service(f"{name}-replicas", workload, {**made.ports, **made.replica_ports}, opts=opts),
    ]
    for index in range(made.replicas):
        claim = volume_claim(f"{name}-{index}", workload, index, made.volume_gib, protect=protect, opts=opts)
        replica = kubernetes.apps.v1.StatefulSet(
            f"{name}-{index}",
            metadata=workload.metadata(f"{workload.name}-{index}"),
            spec=replica_spec(made, index, object_name(claim.metadata)),
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=needs, custom_timeouts=timeouts)),
        )
        # One replica rolls when the one before it is ready again.
        needs = [*needs, replica]
    service(name, workload, made.ports, affinity=made.affinity, opts=opts)
    if made.replicas > 1:
        disruption_budget(name, workload, opts=opts)


def replica_spec(made: StatefulService, index: int, claim: pulumi.Input[str]) -> kubernetes.apps.v1.StatefulSetSpecArgs:
    """One replica of the service.

    Args:
        made: the service.
        index: number of the replica, from 0.
        claim: name of the claim on its volume.
    """
    workload, own = made.workload, {REPLICA_KEY: str(index)}
    return kubernetes.apps.v1.StatefulSetSpecArgs(
        replicas=1,
        service_name=replica_service_name(workload),
        # Otherwise a pod that never turned ready would have to be deleted by hand before a better one comes.
        pod_management_policy="Parallel",
        selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=workload.selector | own),
        template=kubernetes.core.v1.PodTemplateSpecArgs(
            metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=workload.labels | own),
            spec=kubernetes.core.v1.PodSpecArgs(
                service_account_name=workload.name,
                automount_service_account_token=False,
                priority_class_name=ZONAL,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(workload.selector, required_zones=made.replicas),
                termination_grace_period_seconds=made.termination_grace_seconds,
                security_context=restricted_pod(made.user_id),
                init_containers=list(made.init_containers) or None,
                containers=list(made.containers),
                volumes=[claimed_volume(DATA_VOLUME, claim), *made.volumes],
            ),
        ),
    )
