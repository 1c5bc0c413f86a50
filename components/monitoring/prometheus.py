"""Prometheus in the cluster: takes what the collectors write, keeps it for days, and evaluates the alert rules.

Leaves out scraping the cluster, which the collectors do, and long-term storage, which is the managed workspace's.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.monitoring.rules import rule_documents
from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import FILES, METRICS_STORE, NOBODY, PROMETHEUS_PORT, address
from components.workloads.access import service_account
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.priority import PLATFORM
from components.workloads.rollout import PATIENT
from components.workloads.scheduling import on_system_nodes, spread_over_zones
from components.workloads.security import restricted_container, restricted_pod
from components.workloads.services import disruption_budget, replica_service, replica_service_name, service
from components.workloads.volumes import claim_retention, volume_claim

Core = kubernetes.core.v1

MOUNTED = "/etc/prometheus"
DATA = "/prometheus"
# Prometheus reads its log of recent samples before it answers; half an hour of patience suits the largest volumes.
START_SECONDS = 1800


class Prometheus(pulumi.ComponentResource):
    """A StatefulSet of one or two replicas that each hold every sample.

    Args:
        name: logical name.
        settings: replicas, retention, volume and memory.
        account: the environment's account.
        zones: availability zone name to its block for nodes and pods; alerts compare addresses in use with it.
        namespace: the namespace, as an output of it.
        protect: keep the volumes when the StatefulSet is deleted.

    Outputs:
        url: where queries go inside the cluster; one client stays with one replica.

    Source: Prometheus documentation, "Storage", "Configuration", "Remote-write receiver".
    """

    url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: MonitoringSettings,
        account: Account,
        *,
        zones: Mapping[str, IPv4Network],
        namespace: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Prometheus", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workload = METRICS_STORE.placed_in(namespace)
        named_ports = {"http": PROMETHEUS_PORT}
        user = service_account(name, workload, opts=child)
        rules = rule_documents(zones)
        files = config_files(f"{name}-files", workload, (FILES / "prometheus.yaml",), made=rules, opts=child)
        replicas = replica_service(f"{name}-replicas", workload, named_ports, opts=child)
        kubernetes.apps.v1.StatefulSet(
            name,
            metadata=workload.metadata(),
            spec=stateful_set_spec(settings, account, files, rules, protect=protect),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[user, replicas], custom_timeouts=PATIENT),
        )
        service(name, workload, named_ports, affinity="ClientIP", opts=child)
        if settings.replicas > 1:
            disruption_budget(name, workload, opts=child)
        self.url = pulumi.Output.from_input(address(METRICS_STORE, PROMETHEUS_PORT))
        self.register_outputs({"url": self.url})


def arguments(settings: MonitoringSettings) -> list[str]:
    """Command line of Prometheus; whichever retention limit is reached first drops the oldest samples."""
    return [
        f"--config.file={MOUNTED}/prometheus.yaml",
        f"--storage.tsdb.path={DATA}",
        f"--storage.tsdb.retention.time={settings.retention_days}d",
        f"--storage.tsdb.retention.size={settings.retention_size_gib}GB",
        "--web.enable-remote-write-receiver",
    ]


def container(settings: MonitoringSettings, account: Account) -> kubernetes.core.v1.ContainerArgs:
    """The only container; Prometheus 3 puts values of variables into external labels by itself."""
    return Core.ContainerArgs(
        name=METRICS_STORE.name,
        image=METRICS_STORE.image.reference,
        args=arguments(settings),
        env=variables({"CLUSTER_NAME": account.cluster_name}, {"POD_NAME": "metadata.name"}),
        ports=ports({"http": PROMETHEUS_PORT}),
        resources=resources(cpu="500m", memory_mib=settings.prometheus_memory_gib * 1024),
        security_context=restricted_container(),
        startup_probe=http_probe("/-/ready", "http", period_seconds=15, failures=START_SECONDS // 15),
        liveness_probe=http_probe("/-/healthy", "http", period_seconds=30, failures=6),
        readiness_probe=http_probe("/-/ready", "http"),
        volume_mounts=[mount("config", MOUNTED, read_only=True), mount("data", DATA)],
    )


def stateful_set_spec(
    settings: MonitoringSettings,
    account: Account,
    config_map: pulumi.Input[str],
    rules: Iterable[str],
    *,
    protect: bool,
) -> kubernetes.apps.v1.StatefulSetSpecArgs:
    """Replicas in different zones, each with its volume; they start together since none needs the other."""
    paths = {"prometheus.yaml": "prometheus.yaml"} | {file: f"rules/{file}" for file in rules}
    return kubernetes.apps.v1.StatefulSetSpecArgs(
        replicas=settings.replicas,
        service_name=replica_service_name(METRICS_STORE),
        pod_management_policy="Parallel",
        selector=METRICS_STORE.label_selector(),
        persistent_volume_claim_retention_policy=claim_retention(keep=protect),
        volume_claim_templates=[volume_claim(METRICS_STORE, "data", settings.volume_gib)],
        template=Core.PodTemplateSpecArgs(
            metadata=METRICS_STORE.pod_metadata(),
            spec=Core.PodSpecArgs(
                service_account_name=METRICS_STORE.name,
                automount_service_account_token=False,
                priority_class_name=PLATFORM,
                node_selector=on_system_nodes(),
                topology_spread_constraints=spread_over_zones(METRICS_STORE.selector, required_zones=settings.replicas),
                # It writes what memory holds to the volume before it stops.
                termination_grace_period_seconds=300,
                security_context=restricted_pod(NOBODY),
                containers=[container(settings, account)],
                volumes=[config_volume("config", config_map, paths)],
            ),
        ),
    )
