"""Spark's components under the recording engine."""

from components.account import Account
from components.shuffle.settings import ShuffleSettings
from components.spark.history_server import HistoryServer
from components.spark.identities import SparkIdentities
from components.spark.settings import HistoryServerSettings, SparkSettings
from components.spark.spark_jobs import SparkJobs
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY = "arn:aws:kms:us-east-1:222222222222:key/1"
SHARED = ("system", "spark")
SEPARATE = ("system", "spark-driver", "spark-executor")


def build_jobs(settings: SparkSettings | None = None, workloads: tuple[str, ...] = SHARED) -> Recorder:
    """Namespace, defaults and rights of Spark applications."""
    return record(
        lambda: SparkJobs(
            "spark",
            settings or SparkSettings(),
            ACCOUNT,
            shuffle=ShuffleSettings(),
            event_log_bucket="events",
            node_workloads=workloads,
        ),
        recorder(),
    )


def build_history(settings: HistoryServerSettings | None = None) -> Recorder:
    """The History Server."""
    return record(
        lambda: HistoryServer(
            "history-server",
            settings or HistoryServerSettings(),
            ACCOUNT,
            event_log_bucket="events",
        ),
        recorder(),
    )


def build_identities() -> Recorder:
    """The roles of both."""
    return record(
        lambda: SparkIdentities(
            "spark-identities", ACCOUNT, cluster_name="moka-dev", event_log_bucket="events", key_arn=KEY
        ),
        recorder(),
    )
