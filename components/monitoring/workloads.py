"""Names and ports of the metrics stack, which configuration files and manifests share."""

from pathlib import Path

from components.images.table import ALERTMANAGER, COLLECTOR, GRAFANA, PROMETHEUS
from components.images.table import TARGET_ALLOCATOR as TARGET_ALLOCATOR_IMAGE
from components.workloads.network_policy import SCRAPERS_NAMESPACE
from components.workloads.stateful_service import replica_host
from components.workloads.workload import Workload

FILES = Path(__file__).parent / "files"

NAMESPACE = SCRAPERS_NAMESPACE

NODE_COLLECTOR = Workload("otel-agent", "node-collector", NAMESPACE, COLLECTOR)
CLUSTER_COLLECTOR = Workload("otel-cluster", "cluster-collector", NAMESPACE, COLLECTOR)
TARGET_ALLOCATOR = Workload("target-allocator", "target-allocator", NAMESPACE, TARGET_ALLOCATOR_IMAGE)
METRICS_STORE = Workload("prometheus", "metrics-store", NAMESPACE, PROMETHEUS)
ALERT_ROUTER = Workload("alertmanager", "alert-router", NAMESPACE, ALERTMANAGER)
DASHBOARDS = Workload("grafana", "dashboards", NAMESPACE, GRAFANA)

PROMETHEUS_PORT = 9090
ALERTMANAGER_PORT = 9093
GOSSIP_PORT = 9094
GRAFANA_PORT = 3000
ALLOCATOR_PORT = 8080
HEALTH_PORT = 13133
TELEMETRY_PORT = 8888
OTLP_PORTS = {"otlp-grpc": 4317, "otlp-http": 4318}

# Users of the images.
COLLECTOR_USER = 10001
ALLOCATOR_USER = 65532
NOBODY = 65534
GRAFANA_USER = 472


def address(workload: Workload, port: int) -> str:
    """URL of a workload's service inside the cluster."""
    return f"http://{workload.name}.{NAMESPACE}.svc:{port}"


def replica_address(workload: Workload, index: int, port: int) -> str:
    """URL of one replica of a stateful service.

    Args:
        workload: the service's.
        index: number of the replica, from 0.
        port: port of its pods.
    """
    return f"http://{replica_host(workload, index)}.{NAMESPACE}.svc:{port}"
