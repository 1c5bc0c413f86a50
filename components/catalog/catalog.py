"""Where people look for log lines with SQL: a database, its tables, workgroups with limits, and saved queries.

Leaves out who may ask: `policies.py` states it, and the readers' role receives it.
"""

import json
from collections.abc import Iterable

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.catalog.glue import log_table
from components.catalog.policies import results_key_policy
from components.catalog.queries import saved_queries
from components.catalog.settings import LogCatalogSettings
from components.catalog.tables import TABLES, database_name, workgroup_name
from components.encryption import DELETION_WINDOW_DAYS


class LogCatalog(pulumi.ComponentResource):
    """Tables over the log buckets, and the Athena workgroups in which they are meant to be read.

    One workgroup is for those who read logs of every team, and holds the saved queries; each team has one of its own,
    because whoever may read results of a workgroup reads those of every query that was run in it.

    Results stay with Athena for 24 hours under a key of this component's own, and are then gone: there is no bucket of
    results that could grow, and a reader needs no permission to write anywhere.

    Args:
        name: logical name.
        settings: limits of the workgroup.
        account: the environment's account.
        teams: names of the teams.
        protect: keep what users saved in a workgroup when somebody tries to delete it.

    Outputs:
        database: name of the Glue database.
        workgroup: name of the Athena workgroup of those who read logs of every team.
        results_key_arn: ARN of the key that encrypts query results, which readers need.

    Source: Amazon Athena user guide, "Use workgroups to control query access and costs", "Managed query results",
    "Use partition projection with Amazon Athena".
    """

    database: pulumi.Output[str]
    workgroup: pulumi.Output[str]
    results_key_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: LogCatalogSettings,
        account: Account,
        *,
        teams: Iterable[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:LogCatalog", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        database = aws.glue.CatalogDatabase(
            name,
            name=database_name(account),
            description=f"Logs of Moka {account.environment}",
            opts=child,
        )
        for table in TABLES:
            log_table(
                table,
                account,
                settings.days_back,
                name=f"{name}-{table.name.replace('_', '-')}",
                database=database.name,
                opts=child,
            )
        names = sorted(teams)
        self.results_key_arn = self._make_key(name, account, names)
        workgroup = self._make_workgroup(name, settings, account, None, protect=protect)
        for team in names:
            self._make_workgroup(f"{name}-{team}", settings, account, team, protect=protect)
        for query in saved_queries():
            aws.athena.NamedQuery(
                f"{name}-{query.name}",
                name=query.name,
                description=query.description,
                database=database.name,
                workgroup=workgroup.name,
                query=query.text,
                opts=child,
            )
        self.database, self.workgroup = database.name, workgroup.name
        self.register_outputs(
            {"database": self.database, "workgroup": self.workgroup, "results_key_arn": self.results_key_arn}
        )

    def _make_key(self, name: str, account: Account, teams: Iterable[str]) -> pulumi.Output[str]:
        # Not protected and not kept: what it encrypts is gone after a day.
        return aws.kms.Key(
            f"{name}-results",
            description=f"Query results of Athena workgroups on logs of Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(results_key_policy(account, teams)),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn

    def _make_workgroup(
        self, name: str, settings: LogCatalogSettings, account: Account, team: str | None, *, protect: bool
    ) -> aws.athena.Workgroup:
        results = aws.athena.WorkgroupConfigurationManagedQueryResultsConfigurationArgs(
            enabled=True,
            encryption_configuration=aws.athena.WorkgroupConfigurationManagedQueryResultsConfigurationEncryptionConfigurationArgs(
                kms_key=self.results_key_arn
            ),
        )
        whose = f" of team {team}" if team else ""
        return aws.athena.Workgroup(
            name,
            name=workgroup_name(account, team),
            description=f"Queries{whose} on logs; each may read {settings.scan_limit_gib} GiB",
            configuration=aws.athena.WorkgroupConfigurationArgs(
                # Otherwise a client could name a result location of its own, without encryption.
                enforce_workgroup_configuration=True,
                bytes_scanned_cutoff_per_query=settings.scan_limit_bytes,
                publish_cloudwatch_metrics_enabled=True,
                engine_version=aws.athena.WorkgroupConfigurationEngineVersionArgs(
                    selected_engine_version="Athena engine version 3"
                ),
                managed_query_results_configuration=results,
            ),
            # Athena refuses to delete a workgroup in which anybody saved a query or ran one.
            force_destroy=not protect,
            opts=pulumi.ResourceOptions(parent=self),
        )
