"""What a reader of logs may do through Amazon Athena, and who may use the key of query results, as plain documents.

Leaves out who the readers are: that is decided where their role is made.
"""

from collections.abc import Iterable, Sequence

from components.account import Account
from components.catalog.table import Table
from components.catalog.tables import TABLES, database_name, workgroup_name
from components.encryption import administered_by_account
from components.identity.policies import Document, document, statement

# Every one of them acts on the workgroup that it names. Whoever gets a query's results needs no right to what it read.
SAVED_QUERY_ACTIONS = ("athena:BatchGetNamedQuery", "athena:GetNamedQuery", "athena:ListNamedQueries")
RUN_ACTIONS = (
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
BROWSE_ACTIONS = (
    "athena:GetDataCatalog",
    "athena:GetDatabase",
    "athena:GetTableMetadata",
    "athena:ListDatabases",
    "athena:ListTableMetadata",
)


def read_through_athena(
    account: Account,
    *,
    spark_bucket: str,
    system_bucket: str,
    key_arn: str,
    results_key_arn: str,
    tables: Sequence[Table] = TABLES,
) -> Document:
    """Run queries on the log tables in the one workgroup that has a scan limit, and write nothing anywhere.

    Amazon Athena reads Amazon S3 with the permissions of whoever asks, so the reader needs the objects and their key
    too. Results stay with Athena, so no reader may put an object into any bucket.

    Args:
        account: the environment's account.
        spark_bucket: name of the bucket of Spark application logs.
        system_bucket: name of the bucket of system logs.
        key_arn: ARN of the key that encrypts the two.
        results_key_arn: ARN of the key that encrypts query results, `LogCatalog.results_key_arn`.
        tables: whose rows are read; every table's columns are seen.

    Source: Amazon Athena user guide, "Use IAM policies to control workgroup access", "Configure access to databases
    and tables in the AWS Glue Data Catalog", "Managed query results"; service authorization reference of both.
    """
    names = {"spark-logs": spark_bucket, "system-logs": system_bucket}
    prefixes = {
        purpose: sorted(table.prefix(account) for table in tables if table.bucket == purpose) for purpose in names
    }
    return document(
        statement(
            "QueryInTheLimitedWorkgroup", sorted((*RUN_ACTIONS, *SAVED_QUERY_ACTIONS)), [_workgroup_arn(account)]
        ),
        *_definitions(account),
        *(
            statement(
                f"List{_words(purpose)}",
                ["s3:ListBucket"],
                [account.bucket_arn(name)],
                condition={"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes[purpose]]}},
            )
            for purpose, name in names.items()
        ),
        statement("LocateBuckets", ["s3:GetBucketLocation"], [account.bucket_arn(name) for name in names.values()]),
        statement(
            "ReadLogObjects",
            ["s3:GetObject"],
            [
                f"{account.bucket_arn(name)}/{prefix}*"
                for purpose, name in names.items()
                for prefix in prefixes[purpose]
            ],
        ),
        statement(
            "DecryptLogObjects",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
        _use_results(results_key_arn),
    )


def query_as_team(account: Account, team: str, results_key_arn: str) -> Document:
    """Run queries on the log tables in a team's own workgroup, and read the saved queries, which all share.

    The workgroup is the team's own because results are read by it: in a shared one a team would read what others asked
    for. Which objects a query reaches, the role's rights to Amazon S3 decide.

    Args:
        account: the environment's account.
        team: name of the team.
        results_key_arn: ARN of the key that encrypts query results, `LogCatalog.results_key_arn`.

    Source: as of `read_through_athena`.
    """
    return document(
        statement("QueryInTheTeamsWorkgroup", RUN_ACTIONS, [_workgroup_arn(account, team)]),
        # The console shows no query of a workgroup that it may not look at.
        statement("ReadSavedQueries", ["athena:GetWorkGroup", *SAVED_QUERY_ACTIONS], [_workgroup_arn(account)]),
        *_definitions(account),
        _use_results(results_key_arn),
    )


def results_key_policy(account: Account, teams: Iterable[str] = ()) -> Document:
    """Policy of the key of query results: Athena uses it, for results of the environment's workgroups.

    Args:
        account: the environment's account.
        teams: names of the teams, each of which has a workgroup.

    Source: Amazon Athena user guide, "Managed query results", "Set up an AWS KMS key policy".
    """
    workgroups = [_workgroup_arn(account), *(_workgroup_arn(account, team) for team in sorted(teams))]
    return document(
        administered_by_account(account),
        statement(
            "ResultsOfItsWorkgroups",
            ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
            ["*"],
            principal={"Service": account.service_principal("encryption.athena")},
            condition={
                "ArnLike": {"kms:EncryptionContext:aws:athena:arn": workgroups, "aws:SourceArn": workgroups},
                "StringEquals": {"aws:SourceAccount": account.id},
            },
        ),
    )


def _workgroup_arn(account: Account, team: str | None = None) -> str:
    return account.arn("athena", f"workgroup/{workgroup_name(account, team)}")


def _definitions(account: Account) -> tuple[Document, ...]:
    """See tables and their columns, which are the same in every environment; no row of them."""
    return (
        statement("BrowseTheCatalog", BROWSE_ACTIONS, [account.arn("athena", "datacatalog/AwsDataCatalog")]),
        # These take no resource; the console asks for them before it shows anything.
        statement("OpenTheConsole", ["athena:ListDataCatalogs", "athena:ListWorkGroups"], ["*"]),
        statement(
            "ReadTableDefinitions",
            ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
            [
                account.arn("glue", "catalog"),
                account.arn("glue", f"database/{database_name(account)}"),
                account.arn("glue", f"table/{database_name(account)}/*"),
            ],
        ),
        # Athena looks it up before any other; there is no table in it.
        statement(
            "FindDefaultDatabase",
            ["glue:GetDatabase"],
            [account.arn("glue", each) for each in ("catalog", "database/default")],
        ),
    )


def _use_results(results_key_arn: str) -> Document:
    # The service that this key is used through is not documented for managed results; the key has no other use.
    return statement("UseResults", ["kms:Decrypt", "kms:GenerateDataKey"], [results_key_arn])


def _words(purpose: str) -> str:
    return "".join(word.capitalize() for word in purpose.split("-"))
