"""Alertmanager: groups the alerts of both replicas of Prometheus into one, holds back what follows from another.

Leaves out receivers with an address, such as an SNS topic: until there is one, alerts are only shown.
"""

import pulumi
import pulumi_kubernetes as kubernetes

from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import (
    ALERT_ROUTER,
    ALERTMANAGER_PORT,
    FILES,
    GOSSIP_PORT,
    NAMESPACE,
    NOBODY,
    address,
)
from components.workloads.access import service_account
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources
from components.workloads.priority import PLATFORM
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.services import disruption_budget, replica_service, replica_service_name, service
from components.workloads.volumes import claim_retention, volume_claim

Core = kubernetes.core.v1

MOUNTED = "/etc/alertmanager"
DATA = "/alertmanager"
# Silences, and which notifications went out.
VOLUME_GIB = 2


class Alertmanager(pulumi.ComponentResource):
    """A StatefulSet of one replica, or of two that agree between them who has notified whom.

    Args:
        name: logical name.
        settings: availability.
        namespace: the namespace, as an output of it.
        protect: keep the volumes when the StatefulSet is deleted.

    Outputs:
        url: where its page and API are inside the cluster.

    Source: Alertmanager documentation, "High availability", "Configuration".
    """

    url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        *,
        namespace: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Alertmanager", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = ALERT_ROUTER.placed_in(namespace)
        user = service_account(name, workload, opts=child)
        files = config_files(f"{name}-files", workload, (FILES / "alertmanager.yaml",), opts=child)
        named_ports = {"http": ALERTMANAGER_PORT}
        replicas = replica_service(f"{name}-replicas", workload, named_ports | {"gossip": GOSSIP_PORT}, opts=child)
        kubernetes.apps.v1.StatefulSet(
            name,
            metadata=workload.metadata(),
            spec=stateful_set_spec(settings, files, protect=protect),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user, replicas]),
        )
        service(name, workload, named_ports, affinity="ClientIP", opts=child)
        if settings.replicas > 1:
            disruption_budget(name, workload, opts=child)
        self.url = pulumi.Output.from_input(address(ALERT_ROUTER, ALERTMANAGER_PORT))
        self.register_outputs({"url": self.url})


def arguments(replicas: int) -> list[str]:
    """Command line of Alertmanager; a single one listens for no others."""
    peers = [
        f"--cluster.peer={ALERT_ROUTER.name}-{index}.{replica_service_name(ALERT_ROUTER)}.{NAMESPACE}.svc:{GOSSIP_PORT}"
        for index in range(replicas)
    ]
    return [
        f"--config.file={MOUNTED}/alertmanager.yaml",
        f"--storage.path={DATA}",
        *(
            [f"--cluster.listen-address=0.0.0.0:{GOSSIP_PORT}", *peers]
            if replicas > 1
            else ["--cluster.listen-address="]
        ),
    ]


def container(replicas: int) -> kubernetes.core.v1.ContainerArgs:
    """The only container."""
    return Core.ContainerArgs(
        name=ALERT_ROUTER.name,
        image=ALERT_ROUTER.image.reference,
        args=arguments(replicas),
        ports=ports({"http": ALERTMANAGER_PORT, "gossip": GOSSIP_PORT}),
        resources=resources(cpu="50m", memory_mib=128, memory_limit_mib=256),
        security_context=restricted_container(),
        liveness_probe=http_probe("/-/healthy", "http", period_seconds=30),
        readiness_probe=http_probe("/-/ready", "http"),
        volume_mounts=[mount("config", MOUNTED, read_only=True), mount("data", DATA)],
    )


def stateful_set_spec(
    settings: MonitoringSettings, config_map: pulumi.Input[str], *, protect: bool
) -> kubernetes.apps.v1.StatefulSetSpecArgs:
    """Replicas in different zones; each keeps silences on its own volume."""
    return kubernetes.apps.v1.StatefulSetSpecArgs(
        replicas=settings.replicas,
        service_name=replica_service_name(ALERT_ROUTER),
        pod_management_policy="Parallel",
        selector=ALERT_ROUTER.label_selector(),
        persistent_volume_claim_retention_policy=claim_retention(keep=protect),
        volume_claim_templates=[volume_claim(ALERT_ROUTER, "data", VOLUME_GIB)],
        template=Core.PodTemplateSpecArgs(
            metadata=ALERT_ROUTER.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=ALERT_ROUTER.name,
                automount_service_account_token=False,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(ALERT_ROUTER.selector),
                security_context=restricted_pod(NOBODY),
                containers=[container(settings.replicas)],
                volumes=[config_volume("config", config_map)],
            ),
        ),
    )
