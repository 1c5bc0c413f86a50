"""What the log agent may do in AWS: write objects under its own prefixes, and nothing else."""

from components.account import Account
from components.identity.policies import Document, document, statement

# First parts of the keys in files/fluent-bit.yaml.
SPARK_PREFIXES = ("spark", "spark-unlabelled")
SYSTEM_PREFIXES = ("system", "yunikorn-usage")


def write_logs(account: Account, spark_bucket: str, system_bucket: str, key_arn: str) -> Document:
    """Permissions of Fluent Bit.

    A PutObject under SSE-KMS needs GenerateDataKey alone; Decrypt and AbortMultipartUpload belong to multipart
    uploads, which the agent doesn't use.

    Args:
        account: where the buckets are.
        spark_bucket: name of the bucket of Spark application logs.
        system_bucket: name of the bucket of system pod logs.
        key_arn: ARN of the key that encrypts the two.

    Source: Amazon S3 user guide, "Using server-side encryption with AWS KMS keys"; AWS KMS developer guide,
    "kms:ViaService".
    """
    spark, system = account.bucket_arn(spark_bucket), account.bucket_arn(system_bucket)
    return document(
        statement("WriteSparkLogs", ["s3:PutObject"], [f"{spark}/{prefix}/*" for prefix in SPARK_PREFIXES]),
        statement(
            "WriteSystemLogs",
            ["s3:PutObject"],
            [f"{system}/{prefix}/{account.cluster_name}/*" for prefix in SYSTEM_PREFIXES],
        ),
        statement(
            "EncryptLogs",
            ["kms:GenerateDataKey"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": f"s3.{account.region}.amazonaws.com"}},
        ),
    )
