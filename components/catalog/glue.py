"""The log tables as arguments of Glue tables, as pure functions."""

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.catalog.ddl import INPUT_FORMAT, OUTPUT_FORMAT
from components.catalog.table import Table


def storage_descriptor(table: Table, account: Account) -> aws.glue.CatalogTableStorageDescriptorArgs:
    """Where a table's objects are and how a line of them becomes columns.

    Source: AWS Glue web API reference, StorageDescriptor.
    """
    return aws.glue.CatalogTableStorageDescriptorArgs(
        location=table.location(account),
        input_format=INPUT_FORMAT,
        output_format=OUTPUT_FORMAT,
        columns=[
            aws.glue.CatalogTableStorageDescriptorColumnArgs(name=column.name, type=column.type, comment=column.comment)
            for column in table.columns
        ],
        ser_de_info=aws.glue.CatalogTableStorageDescriptorSerDeInfoArgs(
            serialization_library=table.format.library, parameters=dict(table.format.parameters)
        ),
    )


def log_table(
    table: Table,
    account: Account,
    days_back: int,
    *,
    name: str,
    database: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.glue.CatalogTable:
    """One table in the data catalog.

    Args:
        table: its definition.
        account: the environment's account.
        days_back: days that tables look back.
        name: logical name.
        database: name of the database, as an output of it.
        opts: options of the resource.
    """
    return aws.glue.CatalogTable(
        name,
        name=table.name,
        description=table.comment,
        database_name=database,
        table_type="EXTERNAL_TABLE",
        parameters={"EXTERNAL": "TRUE", **table.properties(account, days_back)},
        partition_keys=[
            aws.glue.CatalogTablePartitionKeyArgs(
                name=partition.column.name, type=partition.column.type, comment=partition.column.comment
            )
            for partition in table.partitions
        ],
        storage_descriptor=storage_descriptor(table, account),
        opts=opts,
    )
