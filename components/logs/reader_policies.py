"""What people who read logs may do, and who they are, as plain documents.

Leaves out queries: `catalog/policies.py` grants them.
"""

from collections.abc import Sequence

from components.account import Account
from components.identity.policies import Document, document, statement

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
        statement("ReadLogs", ["s3:GetObject", "s3:GetObjectVersion"], [f"{arn}/*" for arn in arns]),
        statement(
            "DecryptLogs",
            ["kms:Decrypt"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


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
