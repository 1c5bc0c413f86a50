"""What people who read logs may do, and who they are, as plain documents.

Leaves out queries: `catalog/policies.py` grants them.
"""

from collections.abc import Iterable, Sequence

from components.account import Account
from components.catalog.table import Table
from components.identity.policies import Document, document, statement
from components.logs.policies import SPARK_PREFIXES
from components.spark.event_logs import directory_of
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


def read_team_objects(account: Account, team: str, spark_bucket: str, event_bucket: str, key_arn: str) -> Document:
    """List and get lines and event logs of one team's applications, and decrypt through Amazon S3 alone.

    Args:
        account: the environment's account.
        team: name of the team.
        spark_bucket: name of the bucket of Spark application logs.
        event_bucket: name of the bucket of event logs.
        key_arn: ARN of the key that encrypts them.

    Source: Amazon S3 user guide, "Bucket policy examples using condition keys", s3:prefix.
    """
    spark, events = account.bucket_arn(spark_bucket), account.bucket_arn(event_bucket)
    return document(
        _find("FindTeamLines", spark, _lines(team)),
        _find("FindTeamEventLogs", events, [_event_logs(team)]),
        statement("LocateBuckets", ["s3:GetBucketLocation"], [spark, events]),
        statement("ReadTeamLogs", ["s3:GetObject"], _objects(team, spark, events)),
        statement(
            "DecryptLogs",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


def keep_to_team(account: Account, team: str, spark_bucket: str, event_bucket: str) -> Document:
    """Read nothing but one team's lines and event logs, whatever else the role is given one day.

    Args:
        account: the environment's account.
        team: name of the team.
        spark_bucket: name of the bucket of Spark application logs.
        event_bucket: name of the bucket of event logs.
    """
    spark, events = account.bucket_arn(spark_bucket), account.bucket_arn(event_bucket)
    others = statement("DenyOtherLogs", ["s3:GetObject", "s3:GetObjectVersion"], [], effect="Deny")
    buckets = statement("DenyFindingOtherBuckets", ["s3:ListBucket"], [], effect="Deny")
    return document(
        {**others, "NotResource": _objects(team, spark, events)},
        {**buckets, "NotResource": [spark, events]},
        _deny_finding("DenyFindingOtherLines", spark, _lines(team)),
        _deny_finding("DenyFindingOtherEventLogs", events, [_event_logs(team)]),
    )


def _lines(team: str) -> list[str]:
    """What keys of a team's lines match; the slash keeps out teams whose names begin the same."""
    return [f"{stream}/{namespace_of(team)}/*" for stream in SPARK_PREFIXES]


def _event_logs(team: str) -> str:
    """What keys of a team's event logs match. Fragments carry no team's name."""
    return f"{directory_of(namespace_of(team))}/*"


def _objects(team: str, spark: str, events: str) -> list[str]:
    return [*(f"{spark}/{prefix}" for prefix in _lines(team)), f"{events}/{_event_logs(team)}"]


def _find(sid: str, bucket: str, prefixes: Sequence[str]) -> Document:
    return statement(sid, ["s3:ListBucket"], [bucket], condition={"StringLike": {"s3:prefix": list(prefixes)}})


def _deny_finding(sid: str, bucket: str, prefixes: Sequence[str]) -> Document:
    condition = {"StringNotLike": {"s3:prefix": list(prefixes)}}
    return statement(sid, ["s3:ListBucket"], [bucket], effect="Deny", condition=condition)


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
        _deny_finding("DenyFindingOtherLogs", system, [f"{USAGE_PREFIX}/*"]),
    )
