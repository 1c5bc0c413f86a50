"""Logs of one environment, composed: what ships them, what watches that none is lost, and how people find them.

Leaves out the buckets, which exist before the cluster does, the identities, which exist before nodes do
(`identities.py`), and what the control plane logs.
"""

from collections.abc import Mapping, Sequence

import pulumi

from components.account import Account
from components.catalog.catalog import LogCatalog
from components.logs.canary import LogCanary
from components.logs.cluster_events import ClusterEvents
from components.logs.fluent_bit import FluentBit
from components.logs.readers import LogReaders
from components.logs.settings import LogsSettings


class Logging(pulumi.ComponentResource):
    """The log agents, the shipper of Kubernetes events, the canary, the log tables and the readers' roles.

    Args:
        name: logical name.
        settings: agents, limits of queries, readers, the canary's bound.
        account: the environment's account.
        teams: name of a team to ARNs of the roles that may read its applications' lines.
        bucket_names: purpose of a log bucket to its name.
        key_arn: ARN of the key that encrypts the buckets.
        protect: keep what users saved in the workgroup when somebody tries to delete it.

    Outputs:
        reader_role_arns: platform, spark and each team to the role that people take to read logs.
        database: name of the Glue database of log tables.
        workgroup: name of the Athena workgroup in which those query them who read logs of every team.
    """

    reader_role_arns: dict[str, pulumi.Output[str]]
    database: pulumi.Output[str]
    workgroup: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogsSettings,
        account: Account,
        *,
        teams: Mapping[str, Sequence[str]],
        bucket_names: Mapping[str, pulumi.Input[str]],
        key_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Logging", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        fluent_bit = FluentBit(
            "fluent-bit",
            settings,
            account,
            spark_bucket=bucket_names["spark-logs"],
            system_bucket=bucket_names["system-logs"],
            event_log_bucket=bucket_names["spark-events"],
            opts=child,
        )
        ClusterEvents(
            "cluster-events",
            settings,
            account,
            namespace=fluent_bit.namespace,
            system_bucket=bucket_names["system-logs"],
            opts=child,
        )
        LogCanary(
            "log-canary",
            settings.canary,
            account,
            system_bucket=bucket_names["system-logs"],
            opts=child,
        )
        catalog = LogCatalog("log-catalog", settings.catalog, account, teams=teams, protect=protect, opts=child)
        readers = LogReaders(
            "log-readers",
            settings.readers,
            account,
            teams=teams,
            bucket_names=bucket_names,
            key_arn=key_arn,
            results_key_arn=catalog.results_key_arn,
            opts=child,
        )

        self.reader_role_arns = readers.role_arns
        self.database, self.workgroup = catalog.database, catalog.workgroup
        self.register_outputs(
            {
                "reader_role_arns": self.reader_role_arns,
                "database": self.database,
                "workgroup": self.workgroup,
            }
        )
