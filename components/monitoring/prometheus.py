"""Prometheus in the cluster: takes what the collectors write, keeps it for days, and evaluates the alert rules.

Leaves out scraping the cluster, which the collectors do, and long-term storage, which is the managed workspace's.
"""

from collections.abc import Mapping
from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.monitoring.rules import rule_documents
from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import FILES, METRICS_STORE, NOBODY, PROMETHEUS_PORT, address
from components.workloads.config_files import config_files, config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.rollout import PATIENT
from components.workloads.security import restricted_container
from components.workloads.stateful_service import DATA_VOLUME, StatefulService, make_stateful_service

Core = kubernetes.core.v1

MOUNTED = "/etc/prometheus"
DATA = "/prometheus"
PORTS = {"http": PROMETHEUS_PORT}
# Prometheus reads its log of recent samples before it answers; half an hour of patience suits the largest volumes.
START_SECONDS = 1800


class Prometheus(pulumi.ComponentResource):
    """One or two replicas that each hold every sample.

    Args:
        name: logical name.
        settings: replicas, retention, volume and memory.
        account: the environment's account.
        zones: availability zone name to its block for nodes and pods; alerts compare addresses in use with it.
        namespace: the namespace, as an output of it.
        protect: refuse to delete the volumes.

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
        rules = rule_documents(zones)
        files = config_files(f"{name}-files", workload, (FILES / "prometheus.yaml",), made=rules, opts=child)
        paths = {"prometheus.yaml": "prometheus.yaml"} | {file: f"rules/{file}" for file in rules}
        make_stateful_service(
            name,
            StatefulService(
                workload,
                replicas=settings.replicas,
                volume_gib=settings.volume_gib,
                user_id=NOBODY,
                containers=[container(settings, account)],
                volumes=[config_volume("config", files, paths)],
                ports=PORTS,
                affinity="ClientIP",
                # It writes what memory holds to the volume before it stops.
                termination_grace_seconds=300,
            ),
            protect=protect,
            timeouts=PATIENT,
            opts=child,
        )
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
        ports=ports(PORTS),
        resources=resources(cpu="500m", memory_mib=settings.prometheus_memory_gib * 1024),
        security_context=restricted_container(),
        startup_probe=http_probe("/-/ready", "http", period_seconds=15, failures=START_SECONDS // 15),
        liveness_probe=http_probe("/-/healthy", "http", period_seconds=30, failures=6),
        readiness_probe=http_probe("/-/ready", "http"),
        volume_mounts=[mount("config", MOUNTED, read_only=True), mount(DATA_VOLUME, DATA)],
    )
