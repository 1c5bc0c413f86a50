"""The log tables: what each row is, which part of a key each partition is, and which partitions can exist.

The one definition behind both the Glue tables and the printed DDL. Partitions are projected: Athena computes them from
a rule instead of looking them up, so nothing has to crawl the buckets, and a line can be found once its object exists.
Leaves out `spark-unlabelled/`, whose keys hold nothing that a rule could compute.

Source: Amazon Athena user guide, "Use partition projection with Amazon Athena", "Supported types".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.buckets.log_buckets import Purpose


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        name: lower case, as Hive keeps it.
        type: Hive type.
        comment: what it holds, with its unit.
    """

    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class Partition:
    """One column whose value is part of the key.

    Args:
        column: the column; a projected one is text.
        projection: rule for its values, without the `projection.<column>.` before each name. `{days_back}` in a
            value is the age at which objects expire.
    """

    column: Column
    projection: Mapping[str, str]


@dataclass(frozen=True)
class Format:
    """How an object's lines become columns.

    Args:
        library: class that reads a line.
        parameters: what it is told.
    """

    library: str
    parameters: Mapping[str, str]


# The whole line, whatever is in it: delimited text would cut a line at its delimiter and read \N as nothing.
LINES = Format("org.apache.hadoop.hive.serde2.RegexSerDe", {"input.regex": "(?s)(.*)"})
JSON = Format("org.openx.data.jsonserde.JsonSerDe", {"ignore.malformed.json": "true"})

LINE = Column("line", "string", "The line as it was written")


@dataclass(frozen=True)
class Table:
    """One stream of logs.

    Args:
        name: name of the table.
        comment: what a row is.
        bucket: purpose of the log bucket that holds it.
        stream: first part of its keys.
        of_cluster: whether the second part is the cluster's name.
        template: what follows in the key, with `${column}` for each partition.
        format: how lines become columns.
        columns: what a line holds.
        partitions: what the key holds.
    """

    name: str
    comment: str
    bucket: Purpose
    stream: str
    of_cluster: bool
    template: str
    format: Format
    columns: tuple[Column, ...]
    partitions: tuple[Partition, ...]

    def prefix(self, account: Account) -> str:
        """What every key of the table starts with."""
        return f"{self.stream}/{account.cluster_name}/" if self.of_cluster else f"{self.stream}/"

    def location(self, account: Account) -> str:
        """Where the table's objects are."""
        return f"s3://{bucket_name(self.bucket, account)}/{self.prefix(account)}"

    def properties(self, account: Account, days_back: int) -> dict[str, str]:
        """Table properties that make Athena compute the partitions.

        Args:
            account: the environment's account.
            days_back: days that the table looks back.
        """
        rules = {
            f"projection.{partition.column.name}.{key}": value.replace("{days_back}", str(days_back))
            for partition in self.partitions
            for key, value in partition.projection.items()
        }
        return {
            "projection.enabled": "true",
            **rules,
            "storage.location.template": f"{self.location(account)}{self.template}",
        }


def database_name(account: Account) -> str:
    """Name of the Glue database; Athena takes lower-case letters, digits and underscores."""
    return f"moka_{account.environment}_logs"


def workgroup_name(account: Account) -> str:
    """Name of the Athena workgroup, which users select and policies name."""
    return f"moka-{account.environment}-logs"


def _day(column: str, pattern: str) -> Partition:
    return Partition(
        Column(column, "string", f"Day of the first line of the object, UTC, as {pattern}"),
        {
            "type": "date",
            "format": pattern,
            "range": "NOW-{days_back}DAYS,NOW",
            "interval": "1",
            "interval.unit": "DAYS",
        },
    )


TABLES: tuple[Table, ...] = (
    Table(
        name="spark_logs",
        comment="One row a line of a Spark driver or executor; the pod is the last folder of $path",
        bucket="spark-logs",
        stream="spark",
        of_cluster=False,
        template="${application_id}/${role}/",
        format=LINES,
        columns=(LINE,),
        partitions=(
            # Injected: a query that does not name an application is refused instead of reading every one.
            Partition(
                Column("application_id", "string", "Id that Spark gave it, such as spark-3b1f"), {"type": "injected"}
            ),
            Partition(Column("role", "string", "driver or executor"), {"type": "enum", "values": "driver,executor"}),
        ),
    ),
    Table(
        name="system_logs",
        comment="One row a line of a system pod; the pod is the last folder of $path",
        bucket="system-logs",
        stream="system",
        of_cluster=True,
        template="${day}/",
        format=LINES,
        columns=(LINE,),
        partitions=(_day("day", "yyyy/MM/dd"),),
    ),
    Table(
        name="node_logs",
        comment="One row an entry of a node's journal; the node is the last folder of $path",
        bucket="system-logs",
        stream="node",
        of_cluster=True,
        template="${day}/",
        format=JSON,
        columns=(
            Column("date", "string", "When it was written, ISO 8601"),
            Column("systemd_unit", "string", "Who wrote it, such as kubelet.service; nothing in the kernel's own"),
            Column(
                "transport", "string", "How it came to the journal: kernel in the kernel's own, such as disk errors"
            ),
            Column("priority", "string", "How bad it is, from 0, an emergency, to 7, for debugging"),
            Column("pid", "string", "Process that wrote it"),
            Column("message", "string", "The entry's text"),
        ),
        partitions=(_day("day", "yyyy/MM/dd"),),
    ),
    Table(
        name="kubernetes_events",
        comment="One row a Kubernetes event, each time that it changed, some twice",
        bucket="system-logs",
        stream="events",
        of_cluster=True,
        template="dt=${dt}/",
        format=JSON,
        columns=(
            Column("type", "string", "Normal or Warning"),
            Column("reason", "string", "Why, in one word, such as FailedScheduling"),
            Column("message", "string", "Why, in a sentence"),
            Column("count", "int", "How often it happened until then"),
            Column("firsttimestamp", "string", "First time, ISO 8601"),
            Column("lasttimestamp", "string", "Latest time, ISO 8601; empty in events of the newer kind"),
            Column("eventtime", "string", "Time in events of the newer kind, ISO 8601"),
            Column("reportingcomponent", "string", "Who reports it"),
            Column("source", "struct<component:string,host:string>", "Who reports it, and on which node"),
            Column(
                "involvedobject",
                "struct<kind:string,namespace:string,name:string,uid:string,fieldpath:string>",
                "What it happened to",
            ),
            Column(
                "metadata",
                "struct<name:string,namespace:string,uid:string,resourceversion:string,creationtimestamp:string>",
                "The event object itself; uid and resourceversion tell which came twice",
            ),
        ),
        partitions=(_day("dt", "yyyy-MM-dd"),),
    ),
    Table(
        name="yunikorn_usage",
        comment="One row a finished application, as YuniKorn sums it up",
        bucket="system-logs",
        stream="yunikorn-usage",
        of_cluster=True,
        template="dt=${dt}/",
        format=JSON,
        columns=(
            Column("application_id", "string", "Id of the application, the same as in spark_logs"),
            Column("submission_ms", "bigint", "When it was submitted, in milliseconds since 1970"),
            Column("start_ms", "bigint", "When it started to run, in milliseconds since 1970"),
            Column("finish_ms", "bigint", "When it ended, in milliseconds since 1970"),
            Column("user", "string", "Who submitted it"),
            Column("queue", "string", "Full name of its queue, such as root.etl"),
            Column("state", "string", "How it ended, such as Completed"),
            Column("rm_id", "string", "Id that the cluster has in YuniKorn"),
            Column("resource_usage", "string", "<instance type>:<resource>=<amount times seconds>, commas between"),
            Column("preempted_resource", "string", "The same, for what was taken from it"),
            Column("placeholder_resource", "string", "The same, for what gang scheduling reserved"),
        ),
        partitions=(_day("dt", "yyyy-MM-dd"),),
    ),
)
