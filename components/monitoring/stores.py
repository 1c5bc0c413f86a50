"""Where the collectors write: one configuration file a store, and the variables that these files name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pulumi

from components.account import Account
from components.monitoring.destinations import HeadersSecret
from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import (
    ALLOCATOR_PORT,
    FILES,
    METRICS_STORE,
    PROMETHEUS_PORT,
    TARGET_ALLOCATOR,
    address,
    replica_address,
)

Collector = Literal["agent", "cluster"]

DIRECTORY = FILES / "collectors"
QUEUES = "/var/lib/otelcol"
# A queue's file grows with what waits in it, keeps the room for a while, and is copied when it is packed.
ROOM_PER_QUEUE = 2
NO_HEADERS = "{}"


@dataclass(frozen=True)
class ManagedStore:
    """The Amazon Managed Service for Prometheus workspace that collectors write to as well, as outputs of it.

    Args:
        remote_write_url: address for samples.
        arn: ARN of the workspace.
        workspace_id: its id.
        endpoint: its base URL for queries.
    """

    remote_write_url: pulumi.Output[str]
    arn: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]


def metric_stores(settings: MonitoringSettings) -> tuple[str, ...]:
    """Names of the stores that each sample goes to, as their files are called."""
    managed = ["amazon-managed"] if settings.storage == "amazon-managed" else []
    forwarded = ["external"] if settings.forward_to else []
    return (*(f"replica-{index}" for index in range(settings.replicas)), *managed, *forwarded)


def collector_files(collector: Collector, settings: MonitoringSettings) -> tuple[Path, ...]:
    """Configuration files of a collector: what it collects, then one file for each store that it writes to.

    Args:
        collector: the one on every node, or the one for the cluster.
        settings: decide which stores there are.
    """
    names = [collector, *metric_stores(settings)]
    if collector == "agent" and settings.traces_and_logs_to:
        names.append("traces-and-logs")
    if collector == "agent" and settings.monitors == "honoured":
        names.append("monitors")
    return tuple(DIRECTORY / f"{name}.yaml" for name in names)


def queue_mib(collector: Collector, settings: MonitoringSettings) -> int:
    """Most that waits for one store, in MiB."""
    return settings.agent_queue_mib if collector == "agent" else settings.cluster_queue_mib


def queue_volume_mib(collector: Collector, settings: MonitoringSettings) -> int:
    """Size of the volume that all of a collector's queues share: traces and logs have one each."""
    queues = len(metric_stores(settings))
    if collector == "agent" and settings.traces_and_logs_to:
        queues += 2
    return queues * ROOM_PER_QUEUE * queue_mib(collector, settings)


def environment(
    collector: Collector, settings: MonitoringSettings, account: Account, store: ManagedStore | None
) -> dict[str, pulumi.Input[str]]:
    """Values of the variables in files/collectors, apart from the pod's own name and addresses and from secrets.

    Args:
        collector: whose variables.
        settings: pace, queues and stores.
        account: the environment's account.
        store: the managed workspace; None while storage is in-cluster.
    """
    values: dict[str, pulumi.Input[str]] = {
        "CLUSTER_NAME": account.cluster_name,
        "SCRAPE_INTERVAL": f"{settings.scrape_interval_seconds}s",
        "SCRAPE_TIMEOUT": f"{settings.scrape_timeout_seconds}s",
        "QUEUE_DIRECTORY": QUEUES,
        "QUEUE_BYTES": str(queue_mib(collector, settings) * 1024 * 1024),
    }
    for index in range(settings.replicas):
        replica = replica_address(METRICS_STORE, index, PROMETHEUS_PORT)
        values[f"PROMETHEUS_{index}_REMOTE_WRITE_URL"] = f"{replica}/api/v1/write"
    if store:
        values |= {"AWS_REGION": account.region, "AMAZON_REMOTE_WRITE_URL": store.remote_write_url}
    if settings.forward_to:
        values["EXTERNAL_REMOTE_WRITE_URL"] = settings.forward_to.url
        values["EXTERNAL_METRICS"] = settings.forward_to.pattern
    if collector == "agent" and settings.traces_and_logs_to:
        values["OTLP_URL"] = settings.traces_and_logs_to.url
    if collector == "agent" and settings.monitors == "honoured":
        values["TARGET_ALLOCATOR_URL"] = address(TARGET_ALLOCATOR, ALLOCATOR_PORT)
    empty = {name: NO_HEADERS for name, secret in _headers(collector, settings).items() if secret is None}
    return values | empty


def header_secrets(collector: Collector, settings: MonitoringSettings) -> dict[str, HeadersSecret]:
    """Variables of a collector whose values are in Secrets."""
    return {name: secret for name, secret in _headers(collector, settings).items() if secret is not None}


def _headers(collector: Collector, settings: MonitoringSettings) -> dict[str, HeadersSecret | None]:
    found: dict[str, HeadersSecret | None] = {}
    if settings.forward_to:
        found["EXTERNAL_HEADERS"] = settings.forward_to.headers_secret
    if collector == "agent" and settings.traces_and_logs_to:
        found["OTLP_HEADERS"] = settings.traces_and_logs_to.headers_secret
    return found
