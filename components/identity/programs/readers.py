"""People who read logs: with `python -m moka_logs`, in the console of Amazon S3, and through Amazon Athena."""

from collections.abc import Iterator

from components.account import Account
from components.identity.programs.call import Call, Program
from components.identity.programs.logs import through
from components.logs.reader_settings import LogReadersSettings
from components.spark.event_logs import directory_of
from components.teams.names import namespace_of

_COMMAND = "moka_logs/bucket.py, moka_logs/event_log_parts.py"
_ATHENA = "Amazon Athena user guide, Use IAM policies to control workgroup access, and Data Catalog example policies"
_GLUE = "Amazon Athena user guide, Configure access to databases and tables in the AWS Glue Data Catalog"
_S3 = "Amazon Athena user guide, Control access to Amazon S3 from Athena"
_RUN = (
    "athena:BatchGetQueryExecution",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetQueryResultsStream",
    "athena:GetQueryRuntimeStatistics",
    "athena:GetWorkGroup",
    "athena:ListQueryExecutions",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
)
_SAVED = ("athena:BatchGetNamedQuery", "athena:GetNamedQuery", "athena:ListNamedQueries")


def reader_programs(account: Account, settings: LogReadersSettings, teams: tuple[str, ...]) -> tuple[Program, ...]:
    """Those whose role is there.

    Args:
        account: the environment's account.
        settings: who may take which role.
        teams: names of the teams that have owners.
    """
    everything = tuple(f"{stream}/{account.cluster_name}/" for stream in ("system", "node", "yunikorn-usage", "events"))
    usage = (f"yunikorn-usage/{account.cluster_name}/",)
    return (
        *([_reader(account, "platform", everything, with_bucket=True)] if settings.platform else []),
        *([_reader(account, "spark", usage, with_bucket=False)] if settings.spark else []),
        *(_team(account, team) for team in teams),
    )


def _reader(account: Account, kind: str, system: tuple[str, ...], *, with_bucket: bool) -> Program:
    """Who reads every Spark log, and of the system's what begins with some prefixes, or all of it."""
    buckets = ("{spark_logs}", "{spark_events}", *(("{system_logs}",) if with_bucket else ()))
    return Program(
        f"People who read {kind} logs",
        f"log-readers-{kind}",
        (
            Call(("s3:ListBucket",), buckets, _COMMAND),
            Call(("s3:GetObject",), tuple(f"{bucket}/any/key" for bucket in buckets), _COMMAND),
            Call(("s3:GetBucketLocation",), buckets, "Amazon S3 user guide, permissions of the console"),
            *_queries(account, f"workgroup/{account.cluster_name}-logs", (*_RUN, *_SAVED)),
            Call(("s3:GetBucketLocation",), ("{spark_logs}", "{system_logs}"), _S3),
            Call(("s3:ListBucket",), ("{spark_logs}",), _S3, {"s3:prefix": "spark/spark-team/spark-1/driver/"}),
            Call(("s3:GetObject",), ("{spark_logs}/spark/spark-team/spark-1/driver/pod/1.log.gz",), _S3),
            *(Call(("s3:ListBucket",), ("{system_logs}",), _S3, {"s3:prefix": f"{each}2026/"}) for each in system),
            Call(("s3:GetObject",), tuple(f"{{system_logs}}/{each}2026/1.gz" for each in system), _S3),
        ),
    )


def _team(account: Account, team: str) -> Program:
    prefixes = [f"{stream}/{namespace_of(team)}/" for stream in ("spark", "spark-unlabelled")]
    logs = f"{directory_of(namespace_of(team))}/"
    shared = account.arn("athena", f"workgroup/{account.cluster_name}-logs")
    return Program(
        f"People of team {team} who read its logs",
        f"log-readers-{team}",
        (
            *(
                Call(("s3:ListBucket",), ("{spark_logs}",), _COMMAND, {"s3:prefix": f"{each}spark-1/"})
                for each in prefixes
            ),
            Call(
                ("s3:GetObject",),
                tuple(f"{{spark_logs}}/{each}spark-1/driver/pod/1.log.gz" for each in prefixes),
                _COMMAND,
            ),
            Call(("s3:ListBucket",), ("{spark_events}",), _COMMAND, {"s3:prefix": f"{logs}eventlog_v2_spark-1/"}),
            Call(("s3:GetObject",), (f"{{spark_events}}/{logs}eventlog_v2_spark-1/events_1_spark-1",), _COMMAND),
            Call(("s3:GetBucketLocation",), ("{spark_logs}", "{spark_events}"), _S3),
            *_queries(account, f"workgroup/{account.cluster_name}-{team}-logs", _RUN),
            Call(("athena:GetWorkGroup", *_SAVED), (shared,), "docs/log-access.md: saved queries are shared"),
        ),
    )


def _queries(account: Account, workgroup: str, actions: tuple[str, ...]) -> Iterator[Call]:
    yield Call(actions, (account.arn("athena", workgroup),), _ATHENA)
    yield Call(
        (
            "athena:GetDataCatalog",
            "athena:GetDatabase",
            "athena:GetTableMetadata",
            "athena:ListDatabases",
            "athena:ListTableMetadata",
        ),
        (account.arn("athena", "datacatalog/AwsDataCatalog"),),
        _ATHENA,
    )
    yield Call(("athena:ListDataCatalogs", "athena:ListWorkGroups"), ("*",), _ATHENA)
    name = f"moka_{account.environment}_logs"
    catalog, default, database, table = (
        account.arn("glue", each)
        for each in ("catalog", "database/default", f"database/{name}", f"table/{name}/spark_logs")
    )
    yield Call(("glue:GetDatabase", "glue:GetDatabases"), (catalog, database), _GLUE)
    yield Call(("glue:GetDatabase",), (default,), _GLUE)
    yield Call(("glue:GetTable", "glue:GetTables", "glue:GetPartitions"), (catalog, database, table), _GLUE)
    yield Call(("kms:Decrypt",), ("{log_key}",), _S3, through(account, "s3"))
    yield Call(
        ("kms:Decrypt", "kms:GenerateDataKey"),
        ("{results_key}",),
        "Amazon Athena user guide, Managed query results: who reads results uses their key",
        {"kms:CallerAccount": account.id},
    )
