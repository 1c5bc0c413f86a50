"""Spark's components under the recording engine."""

from components.account import Account
from components.spark.history_server import HistoryServer
from components.spark.settings import HistoryServerSettings
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY = "arn:aws:kms:us-east-1:222222222222:key/1"


def build_history(settings: HistoryServerSettings | None = None, teams: tuple[str, ...] = ("sales",)) -> Recorder:
    """The History Server of an environment with these teams."""
    return record(
        lambda: HistoryServer(
            "history-server",
            settings or HistoryServerSettings(),
            ACCOUNT,
            event_log_bucket="events",
            teams=teams,
        ),
        recorder(),
    )
