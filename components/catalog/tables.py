"""The log tables: what each row is, and which part of a key each partition is.

The one definition behind both the Glue tables and the printed DDL. Leaves out `spark-unlabelled/`, whose keys hold
nothing that a rule could compute.
"""

from components.account import Account
from components.catalog.table import Column, Format, Partition, Table

# The whole line, whatever is in it: delimited text would cut a line at its delimiter and read \N as nothing.
LINES = Format("org.apache.hadoop.hive.serde2.RegexSerDe", {"input.regex": "(?s)(.*)"})
JSON = Format("org.openx.data.jsonserde.JsonSerDe", {"ignore.malformed.json": "true"})

LINE = Column("line", "string", "The line as it was written")


def database_name(account: Account) -> str:
    """Name of the Glue database; Athena takes lower-case letters, digits and underscores."""
    return f"moka_{account.environment}_logs"


def workgroup_name(account: Account, team: str | None = None) -> str:
    """Name of the Athena workgroup, which users select and policies name; of a team's own where a team is given."""
    return f"moka-{account.environment}-{team}-logs" if team else f"moka-{account.environment}-logs"


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


# A day as three folders, and as one whose name says what it is: how it stands in a key, and its column.
_FOLDERS = ("${day}/", _day("day", "yyyy/MM/dd"))
_ONE_FOLDER = ("dt=${dt}/", _day("dt", "yyyy-MM-dd"))


def _of_cluster(
    name: str,
    comment: str,
    *,
    stream: str,
    days: tuple[str, Partition],
    format: Format,
    columns: tuple[Column, ...],
) -> Table:
    """A table of what a cluster tells of itself, by day."""
    template, partition = days
    return Table(
        name=name,
        comment=comment,
        bucket="system-logs",
        stream=stream,
        of_cluster=True,
        template=template,
        format=format,
        columns=columns,
        partitions=(partition,),
    )


TABLES: tuple[Table, ...] = (
    Table(
        name="spark_logs",
        comment="One row a line of a Spark driver or executor; the pod is the last folder of $path",
        bucket="spark-logs",
        stream="spark",
        of_cluster=False,
        template="${namespace}/${application_id}/${role}/",
        format=LINES,
        columns=(LINE,),
        partitions=(
            # Injected: a query that names no namespace and no application is refused instead of reading every one. A
            # list of today's teams would find no line of a team that is gone, nor of a namespace that is no team's.
            Partition(
                Column("namespace", "string", "Namespace that it ran in: spark- and the team"), {"type": "injected"}
            ),
            Partition(
                Column("application_id", "string", "Id that Spark gave it, such as spark-3b1f"), {"type": "injected"}
            ),
            Partition(Column("role", "string", "driver or executor"), {"type": "enum", "values": "driver,executor"}),
        ),
    ),
    _of_cluster(
        "system_logs",
        "One row a line of a system pod; the pod is the last folder of $path",
        stream="system",
        days=_FOLDERS,
        format=LINES,
        columns=(LINE,),
    ),
    _of_cluster(
        "node_logs",
        "One row an entry of a node's journal; the node is the last folder of $path",
        stream="node",
        days=_FOLDERS,
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
    ),
    _of_cluster(
        "kubernetes_events",
        "One row a Kubernetes event, each time that it changed, some twice",
        stream="events",
        days=_ONE_FOLDER,
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
    ),
    _of_cluster(
        "yunikorn_usage",
        "One row a finished application, as YuniKorn sums it up",
        stream="yunikorn-usage",
        days=_ONE_FOLDER,
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
    ),
)
