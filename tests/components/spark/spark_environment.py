"""Spark's components under the recording engine."""

from components.account import Account
from components.spark.history_server import HistoryServer
from components.spark.settings import HistoryServerSettings
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY = "arn:aws:kms:us-east-1:222222222222:key/1"


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
