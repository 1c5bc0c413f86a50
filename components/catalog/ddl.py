"""The log tables as statements for Amazon Athena, for whoever wants to make them again somewhere else.

`python -m components.catalog dev` prints those of a stack.

Source: Amazon Athena user guide, "CREATE TABLE".
"""

from collections.abc import Iterable, Mapping

from components.account import Account
from components.catalog.table import Column, Table
from components.catalog.tables import TABLES, database_name

INPUT_FORMAT = "org.apache.hadoop.mapred.TextInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


def create_statements(account: Account, days_back: int) -> list[str]:
    """The database, then every table.

    Args:
        account: the environment's account.
        days_back: days that tables look back.
    """
    database = f"CREATE DATABASE IF NOT EXISTS `{database_name(account)}`"
    return [database, *(create_table(table, account, days_back) for table in TABLES)]


def create_table(table: Table, account: Account, days_back: int) -> str:
    """One table."""
    return "\n".join(
        (
            f"CREATE EXTERNAL TABLE IF NOT EXISTS `{database_name(account)}`.`{table.name}` (",
            _columns(table.columns),
            ")",
            f"COMMENT {_text(table.comment)}",
            "PARTITIONED BY (",
            _columns(partition.column for partition in table.partitions),
            ")",
            f"ROW FORMAT SERDE {_text(table.format.library)}",
            f"WITH SERDEPROPERTIES ({_properties(table.format.parameters)})",
            f"STORED AS INPUTFORMAT {_text(INPUT_FORMAT)} OUTPUTFORMAT {_text(OUTPUT_FORMAT)}",
            f"LOCATION {_text(table.location(account))}",
            f"TBLPROPERTIES ({_properties(table.properties(account, days_back))})",
        )
    )


def _columns(columns: Iterable[Column]) -> str:
    return ",\n".join(f"  `{column.name}` {column.type} COMMENT {_text(column.comment)}" for column in columns)


def _properties(properties: Mapping[str, str]) -> str:
    return ", ".join(f"{_text(name)} = {_text(value)}" for name, value in properties.items())


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
