"""What people who read logs may do, and who they are, as plain documents.

Leaves out queries: `catalog/policies.py` grants them.
"""

from collections.abc import Iterable, Sequence

from components.account import Account
from components.catalog.table import Table
from components.identity.policies import Document, document, statement
from components.logs.policies import SPARK_PREFIXES
from components.teams.names import namespace_of

# First parts of the keys that hold what an application used; see files/fluent-bit.yaml.
USAGE_PREFIX = "yunikorn-usage"


def reader_trust(reader_arns: Sequence[str]) -> Document:
    """Who may take the role of a reader: the roles listed, and nobody else of the account.

    IAM checks that each role exists, so a mistyped one fails the deployment and not the reader.

    Source: IAM user guide, "AWS JSON policy elements: Principal", IAM role principals.
    """
    return document(statement("Readers", ["sts:AssumeRole"], [], principal={"AWS": list(reader_arns)}))


def read_objects(account: Account, buckets: Sequence[str], key_arn: str) -> Document:
    """List and get every object of some buckets, and decrypt through Amazon S3 alone.

    Versions that were replaced are left out: nobody may list them, so nobody could name one.

    Args:
        account: the environment's account.
        buckets: names of log buckets.
        key_arn: ARN of the key that encrypts them.

    Source: Amazon S3 user guide, "Required permissions for Amazon S3 API operations"; AWS KMS developer guide,
    "kms:ViaService".
    """
    arns = [account.bucket_arn(bucket) for bucket in buckets]
    return document(
        statement("FindLogs", ["s3:ListBucket", "s3:GetBucketLocation"], arns),
        statement("ReadLogs", ["s3:GetObject"], [f"{arn}/*" for arn in arns]),
        statement(
            "DecryptLogs",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


def read_team_objects(account: Account, team: str, spark_bucket: str, key_arn: str) -> Document:
    """List and get the lines of one team's applications, and decrypt through Amazon S3 alone.

    Args:
        account: the environment's account.
        team: name of the team.
        spark_bucket: name of the bucket of Spark application logs.
        key_arn: ARN of the key that encrypts it.

    Source: Amazon S3 user guide, "Bucket policy examples using condition keys", s3:prefix.
    """
    bucket = account.bucket_arn(spark_bucket)
    prefixes = _prefixes(team)
    return document(
        statement("FindTeamLogs", ["s3:ListBucket"], [bucket], condition={"StringLike": {"s3:prefix": prefixes}}),
        statement("LocateBucket", ["s3:GetBucketLocation"], [bucket]),
        statement("ReadTeamLogs", ["s3:GetObject"], [f"{bucket}/{prefix}" for prefix in prefixes]),
        statement(
            "DecryptLogs",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


def keep_to_team(account: Account, team: str, spark_bucket: str) -> Document:
    """Read nothing but one team's lines, whatever else the role is given one day.

    Args:
        account: the environment's account.
        team: name of the team.
        spark_bucket: name of the bucket of Spark application logs.
    """
    bucket = account.bucket_arn(spark_bucket)
    prefixes = _prefixes(team)
    others = statement("DenyOtherLogs", ["s3:GetObject", "s3:GetObjectVersion"], [], effect="Deny")
    buckets = statement("DenyFindingOtherBuckets", ["s3:ListBucket"], [], effect="Deny")
    return document(
        {**others, "NotResource": [f"{bucket}/{prefix}" for prefix in prefixes]},
        {**buckets, "NotResource": [bucket]},
        statement(
            "DenyFindingOtherLogs",
            ["s3:ListBucket"],
            [bucket],
            effect="Deny",
            condition={"StringNotLike": {"s3:prefix": prefixes}},
        ),
    )


def _prefixes(team: str) -> list[str]:
    """What keys of a team's lines match; the slash keeps out teams whose names begin the same."""
    return [f"{stream}/{namespace_of(team)}/*" for stream in SPARK_PREFIXES]


def of_applications(tables: Iterable[Table]) -> list[Table]:
    """The tables that `keep_to_applications` leaves something of."""
    return [each for each in tables if each.bucket != "system-logs" or each.stream == USAGE_PREFIX]


def keep_to_applications(account: Account, spark_bucket: str, event_bucket: str, system_bucket: str) -> Document:
    """Read nothing but what belongs to applications, whatever the permission to query grants.

    Args:
        account: the environment's account.
        spark_bucket: name of the bucket of Spark application logs.
        event_bucket: name of the bucket of event logs.
        system_bucket: name of the bucket of system logs, of which only resource usage stays readable.
    """
    spark, events, system = (account.bucket_arn(each) for each in (spark_bucket, event_bucket, system_bucket))
    others = statement("DenyOtherLogs", ["s3:GetObject", "s3:GetObjectVersion"], [], effect="Deny")
    return document(
        {**others, "NotResource": [f"{spark}/*", f"{events}/*", f"{system}/{USAGE_PREFIX}/*"]},
        statement(
            "DenyFindingOtherLogs",
            ["s3:ListBucket"],
            [system],
            effect="Deny",
            condition={"StringNotLike": {"s3:prefix": [f"{USAGE_PREFIX}/*"]}},
        ),
    )
