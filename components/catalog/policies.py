"""What a reader of logs may do through Amazon Athena, and who may use the key of query results, as plain documents.

Leaves out who the readers are: that is decided where their role is made.
"""

from components.account import Account
from components.catalog.tables import TABLES, database_name, workgroup_name
from components.encryption import administered_by_account
from components.identity.policies import Document, document, statement

# Every one of them acts on the workgroup that it names.
QUERY_ACTIONS = (
    "athena:BatchGetNamedQuery",
    "athena:BatchGetQueryExecution",
    "athena:GetNamedQuery",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetQueryResultsStream",
    "athena:GetQueryRuntimeStatistics",
    "athena:GetWorkGroup",
    "athena:ListNamedQueries",
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
    account: Account, *, spark_bucket: str, system_bucket: str, key_arn: str, results_key_arn: str
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

    Source: Amazon Athena user guide, "Use IAM policies to control workgroup access", "Configure access to databases
    and tables in the AWS Glue Data Catalog", "Managed query results"; service authorization reference of both.
    """
    workgroup = account.arn("athena", f"workgroup/{workgroup_name(account)}")
    names = {"spark-logs": spark_bucket, "system-logs": system_bucket}
    prefixes = {
        purpose: sorted(table.prefix(account) for table in TABLES if table.bucket == purpose) for purpose in names
    }
    return document(
        statement("QueryInTheLimitedWorkgroup", QUERY_ACTIONS, [workgroup]),
        statement("BrowseTheCatalog", BROWSE_ACTIONS, [account.arn("athena", "datacatalog/AwsDataCatalog")]),
        # These take no resource; the console asks for them before it shows anything.
        statement("OpenTheConsole", ["athena:ListDataCatalogs", "athena:ListWorkGroups"], ["*"]),
        statement(
            "ReadTableDefinitions",
            ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
            [
                account.arn("glue", "catalog"),
                # Athena looks the default database up before any other.
                account.arn("glue", "database/default"),
                account.arn("glue", f"database/{database_name(account)}"),
                account.arn("glue", f"table/{database_name(account)}/*"),
            ],
        ),
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
        # The service that this key is used through is not documented for managed results; the key has no other use.
        statement("UseResults", ["kms:Decrypt", "kms:GenerateDataKey"], [results_key_arn]),
    )


def results_key_policy(account: Account) -> Document:
    """Policy of the key of query results: Athena uses it, for results of the one workgroup.

    Source: Amazon Athena user guide, "Managed query results", "Set up an AWS KMS key policy".
    """
    workgroup = account.arn("athena", f"workgroup/{workgroup_name(account)}")
    return document(
        administered_by_account(account),
        statement(
            "ResultsOfOneWorkgroup",
            ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
            ["*"],
            principal={"Service": account.service_principal("encryption.athena")},
            condition={
                "ArnLike": {"kms:EncryptionContext:aws:athena:arn": workgroup, "aws:SourceArn": workgroup},
                "StringEquals": {"aws:SourceAccount": account.id},
            },
        ),
    )


def _words(purpose: str) -> str:
    return "".join(word.capitalize() for word in purpose.split("-"))
