"""Deployments of the platform's services that keep nothing: replicas that answer while they are rolled.

Leaves out services that keep data (`stateful_service.py`), and those of which no two may run.
"""

from collections.abc import Sequence

import pulumi_kubernetes as kubernetes

from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_pod
from components.workloads.workload import Workload


def serving_spec(
    workload: Workload,
    *,
    replicas: int,
    user_id: int,
    containers: Sequence[kubernetes.core.v1.ContainerArgs],
    volumes: Sequence[kubernetes.core.v1.VolumeArgs],
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """Pods on system nodes of either architecture, in different zones where they can be, without rights in the cluster.

    The new one answers before the old one goes.

    Args:
        workload: whose pods they are.
        replicas: how many.
        user_id: user that they run as.
        containers: of each pod.
        volumes: of each pod.
    """
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=replicas,
        selector=workload.label_selector(),
        strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
        ),
        template=kubernetes.core.v1.PodTemplateSpecArgs(
            metadata=workload.pod_metadata(),
            spec=kubernetes.core.v1.PodSpecArgs(
                service_account_name=workload.name,
                automount_service_account_token=False,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(workload.selector),
                security_context=restricted_pod(user_id),
                containers=list(containers),
                volumes=list(volumes),
            ),
        ),
    )
