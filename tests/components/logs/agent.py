"""A recorded log agent."""

import pulumi

from components.account import Account
from components.logs.fluent_bit import FluentBit
from components.logs.settings import LogsSettings
from tests.components.workloads.pods import recorder
from tests.recorder import Recorder, record

ACCOUNT = Account("dev", "222222222222", "us-east-1")
KEY = "arn:aws:kms:us-east-1:222222222222:key/1"
DAEMON_SET = "kubernetes:apps/v1:DaemonSet"


def build(settings: LogsSettings | None = None) -> Recorder:
    return record(
        lambda: FluentBit(
            "fluent-bit",
            settings or LogsSettings(),
            ACCOUNT,
            cluster_name=pulumi.Output.from_input("moka-dev"),
            spark_bucket=pulumi.Output.from_input("sparks"),
            system_bucket=pulumi.Output.from_input("systems"),
            event_log_bucket=pulumi.Output.from_input("event-logs"),
            key_arn=pulumi.Output.from_input(KEY),
        ),
        recorder(),
    )
