"""A log table: what a row is, which part of a key each partition is, and which partitions can exist.

Partitions are projected: Athena computes them from a rule instead of looking them up, so nothing has to crawl the
buckets, and a line can be found once its object exists. Leaves out which tables there are (`tables.py`).

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
