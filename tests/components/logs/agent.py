"""A recorded log agent, and the recorded identities of the log workloads."""

import pulumi

from components.account import Account
from components.logs.fluent_bit import FluentBit
from components.logs.identities import LogIdentities
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
            spark_bucket=pulumi.Output.from_input("sparks"),
            system_bucket=pulumi.Output.from_input("systems"),
            event_log_bucket=pulumi.Output.from_input("event-logs"),
        ),
        recorder(),
    )


def build_identities() -> Recorder:
    buckets = {"spark-logs": "sparks", "system-logs": "systems", "spark-events": "event-logs"}
    return record(
        lambda: LogIdentities(
            "log-identities",
            ACCOUNT,
            cluster_name=pulumi.Output.from_input("moka-dev"),
            bucket_names={purpose: pulumi.Output.from_input(name) for purpose, name in buckets.items()},
            key_arn=pulumi.Output.from_input(KEY),
        ),
        recorder(),
    )
