"""Pods of the scheduler and of its admission controller as pure functions of settings and names.

Leaves out YuniKorn's web page, which is a third program: its REST API says the same (docs/queues.md).

Source: apache/yunikorn-release, helm-charts/yunikorn, for what the programs are given; apache/yunikorn-k8shim 1.8.
"""

import pulumi_kubernetes as kubernetes

from components.scheduler.settings import SchedulerSettings
from components.scheduler.workloads import ADMISSION_PORT, SCHEDULER_CONTAINER, SCHEDULER_PORT, USER
from components.workloads.containers import http_probe, ports, resources, variables
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.workload import Workload

Core = kubernetes.core.v1

# The Service's port leads to the port of this name.
WEBHOOK = "webhook-api"
REST = "http"
# It takes a lock that scheduling takes too, so a scheduler that hangs is started anew.
ALIVE = "/ws/v1/clusters"
CONTENT = "moka/yunikorn-defaults"
ADMISSION_MEMORY_MIB = 256
# Go frees memory from there on; what is left is for the stacks of many requests at a time.
PERCENT_OF_LIMIT = 80


def common_variables(memory_mib: int) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Where the program finds its ConfigMaps, and the memory that Go keeps below.

    Args:
        memory_mib: limit of the container.
    """
    return variables({"GOMEMLIMIT": f"{memory_mib * PERCENT_OF_LIMIT // 100}MiB"}, {"NAMESPACE": "metadata.namespace"})


def scheduler_container(settings: SchedulerSettings, workload: Workload) -> kubernetes.core.v1.ContainerArgs:
    """The scheduler, which keeps the cluster in memory and writes nothing to disk."""
    return Core.ContainerArgs(
        name=SCHEDULER_CONTAINER,
        image=workload.image.reference,
        env=common_variables(settings.scheduler_memory_mib),
        ports=ports({REST: SCHEDULER_PORT}),
        resources=resources(cpu="500m", memory_mib=settings.scheduler_memory_mib),
        security_context=restricted_container(),
        # It answers when it has read the whole cluster, which takes a while where there are many pods.
        startup_probe=http_probe(ALIVE, REST, period_seconds=10, failures=60),
        liveness_probe=http_probe(ALIVE, REST, period_seconds=30, failures=5, timeout_seconds=10),
        readiness_probe=http_probe(ALIVE, REST),
    )


def admission_container(workload: Workload) -> kubernetes.core.v1.ContainerArgs:
    """The admission controller, which answers the API server over HTTPS alone."""
    return Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        env=common_variables(ADMISSION_MEMORY_MIB),
        ports=ports({WEBHOOK: ADMISSION_PORT}),
        resources=resources(cpu="100m", memory_mib=ADMISSION_MEMORY_MIB),
        security_context=restricted_container(),
        startup_probe=http_probe("/health", WEBHOOK, period_seconds=5, failures=24, scheme="HTTPS"),
        liveness_probe=http_probe("/health", WEBHOOK, period_seconds=30, scheme="HTTPS"),
        readiness_probe=http_probe("/health", WEBHOOK, period_seconds=5, scheme="HTTPS"),
    )


def scheduler_spec(
    settings: SchedulerSettings, workload: Workload, content: str
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """One scheduler: the old one goes before the new one comes, because two would place the same pods.

    Args:
        settings: the scheduler's.
        workload: who it is.
        content: digest of what it reads only when it starts.
    """
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=1,
        strategy=kubernetes.apps.v1.DeploymentStrategyArgs(type="Recreate"),
        selector=workload.label_selector(),
        template=_template(workload, scheduler_container(settings, workload), {CONTENT: content}),
    )


def admission_spec(settings: SchedulerSettings, workload: Workload) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """Replicas in different zones, where there are several; the new one answers before the old one goes."""
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=settings.admission_replicas,
        strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
        ),
        selector=workload.label_selector(),
        template=_template(workload, admission_container(workload)),
    )


def _template(
    workload: Workload, container: kubernetes.core.v1.ContainerArgs, annotations: dict[str, str] | None = None
) -> kubernetes.core.v1.PodTemplateSpecArgs:
    # The project's own labels, by which collectors find the scheduler and its webhook leaves its own pods alone.
    own = {"app": "yunikorn", "component": workload.name}
    return Core.PodTemplateSpecArgs(
        metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=workload.labels | own, annotations=annotations),
        spec=Core.PodSpecArgs(
            service_account_name=workload.name,
            automount_service_account_token=True,
            priority_class_name=PLATFORM,
            node_selector=on_system_nodes(),
            topology_spread_constraints=spread_over_zones(workload.selector),
            security_context=restricted_pod(USER),
            containers=[container],
        ),
    )
