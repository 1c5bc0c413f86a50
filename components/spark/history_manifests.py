"""The History Server's objects as pure functions of settings and names."""

from collections.abc import Iterable, Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.account import Account
from components.images.table import HISTORY_SERVER
from components.spark.event_logs import read_by_history_server
from components.spark.settings import HistoryServerSettings
from components.workloads.config_files import config_volume
from components.workloads.containers import http_probe, mount, ports, resources, variables
from components.workloads.deployment import serving_spec
from components.workloads.security import restricted_container
from components.workloads.volumes import scratch_volume
from components.workloads.workload import Workload

NAMESPACE = "spark-history"
NAME = "spark-history-server"
PORT = 18080
CONFIGURATION = "/etc/spark-history"
STORE = "/var/spark-history"
# Answers without asking the bucket.
HEALTH = "/api/v1/version"

SERVER = Workload(NAME, "history-server", NAMESPACE, HISTORY_SERVER)
# Of the image.
USER = 185

Core = kubernetes.core.v1


def environment(
    settings: HistoryServerSettings, account: Account, event_log_bucket: pulumi.Input[str], teams: Iterable[str]
) -> dict[str, pulumi.Input[str]]:
    """Variables of files/history/spark-defaults.conf, and those that Spark itself reads."""
    directories = pulumi.Output.from_input(event_log_bucket).apply(lambda bucket: read_by_history_server(bucket, teams))
    return {
        "AWS_REGION": account.region,
        "EVENT_LOG_DIRECTORIES": directories.apply(lambda each: ",".join(each.values())),
        "EVENT_LOG_DIRECTORY_NAMES": directories.apply(",".join),
        "UPDATE_INTERVAL": f"{settings.update_interval_seconds}s",
        "REPLAY_MEMORY": f"{settings.replay_memory_mib}m",
        "DISK_USAGE": f"{settings.disk_usage_gib}g",
        "SPARK_CONF_DIR": CONFIGURATION,
        "SPARK_DAEMON_MEMORY": f"{settings.heap_mib}m",
    }


def container(
    settings: HistoryServerSettings, workload: Workload, values: Mapping[str, pulumi.Input[str]]
) -> kubernetes.core.v1.ContainerArgs:
    """The server. It answers once it has begun to read the bucket, which may take minutes for the first time."""
    return Core.ContainerArgs(
        name=workload.name,
        image=workload.image.reference,
        command=["sh", f"{CONFIGURATION}/history-server.sh"],
        env=variables(values),
        ports=ports({"http": PORT}),
        resources=resources(cpu="500m", memory_mib=settings.memory_mib),
        security_context=restricted_container(),
        startup_probe=http_probe(HEALTH, "http", period_seconds=10, failures=60),
        liveness_probe=http_probe(HEALTH, "http", period_seconds=30),
        readiness_probe=http_probe(HEALTH, "http"),
        volume_mounts=[
            mount("configuration", CONFIGURATION, read_only=True),
            mount("store", STORE),
            mount("scratch", "/tmp"),
        ],
    )


def deployment_spec(
    settings: HistoryServerSettings,
    workload: Workload,
    values: Mapping[str, pulumi.Input[str]],
    files: pulumi.Input[str],
) -> kubernetes.apps.v1.DeploymentSpecArgs:
    """Servers that read the bucket each for itself."""
    store = Core.VolumeArgs(name="store", empty_dir=Core.EmptyDirVolumeSourceArgs(size_limit=f"{settings.disk_gib}Gi"))
    return serving_spec(
        workload,
        replicas=settings.replicas,
        user_id=USER,
        containers=[container(settings, workload, values)],
        volumes=[config_volume("configuration", files), store, scratch_volume("scratch")],
    )
