"""Where the collectors write: one configuration file a store, and the variables that these files name."""

from dataclasses import dataclass
from pathlib import Path

import pulumi

from components.account import Account
from components.monitoring.settings import MonitoringSettings
from components.monitoring.workloads import FILES, METRICS_STORE, PROMETHEUS_PORT, replica_address

DIRECTORY = FILES / "collectors"


@dataclass(frozen=True)
class ManagedStore:
    """The Amazon Managed Service for Prometheus workspace that collectors write to as well.

    Args:
        remote_write_url: address for samples.
        arn: ARN of the workspace.
    """

    remote_write_url: pulumi.Input[str]
    arn: pulumi.Input[str]


def collector_files(first: str, settings: MonitoringSettings) -> tuple[Path, ...]:
    """Configuration files of a collector: what it collects, then one file for each store that it writes to.

    Args:
        first: agent or cluster.
        settings: decide how many replicas Prometheus has and whether there is a managed workspace.
    """
    stores = [f"replica-{index}" for index in range(settings.replicas)]
    if settings.storage == "amazon-managed":
        stores.append("amazon-managed")
    return tuple(DIRECTORY / f"{name}.yaml" for name in (first, *stores))


def environment(
    settings: MonitoringSettings, account: Account, store: ManagedStore | None
) -> dict[str, pulumi.Input[str]]:
    """Values of the variables in files/collectors, apart from the pod's own name and addresses."""
    values: dict[str, pulumi.Input[str]] = {
        "CLUSTER_NAME": account.cluster_name,
        "SCRAPE_INTERVAL": f"{settings.scrape_interval_seconds}s",
        "SCRAPE_TIMEOUT": f"{settings.scrape_timeout_seconds}s",
    }
    for index in range(settings.replicas):
        replica = replica_address(METRICS_STORE, index, PROMETHEUS_PORT)
        values[f"PROMETHEUS_{index}_REMOTE_WRITE_URL"] = f"{replica}/api/v1/write"
    if store:
        values |= {"AWS_REGION": account.region, "AMAZON_REMOTE_WRITE_URL": store.remote_write_url}
    return values
