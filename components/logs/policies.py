"""What the log agents may do in AWS: write objects under their own prefixes, and nothing else."""

from components.account import Account
from components.identity.policies import Document, document, statement

# First parts of the keys in files/fluent-bit.yaml.
SPARK_PREFIXES = ("spark", "spark-unlabelled")
SYSTEM_PREFIXES = ("system", "yunikorn-usage", "node")
EVENT_LOG_PREFIX = "fragments"
# And in files/kubernetes-events.yaml.
KUBERNETES_EVENTS_PREFIX = "events"


def write_logs(
    account: Account, spark_bucket: str, system_bucket: str, event_log_bucket: str, key_arn: str
) -> Document:
    """Permissions of the agent on each node.

    A PutObject under SSE-KMS needs GenerateDataKey alone; Decrypt and AbortMultipartUpload belong to multipart
    uploads, which the agent doesn't use.

    Args:
        account: where the buckets are.
        spark_bucket: name of the bucket of Spark application logs.
        system_bucket: name of the bucket of system pod logs.
        event_log_bucket: name of the bucket of Spark event logs.
        key_arn: ARN of the key that encrypts the three.

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
            "WriteEventLogFragments", ["s3:PutObject"], [f"{account.bucket_arn(event_log_bucket)}/{EVENT_LOG_PREFIX}/*"]
        ),
        _encrypt(account, key_arn),
    )


def write_kubernetes_events(account: Account, system_bucket: str, key_arn: str) -> Document:
    """Permissions of the one pod that ships Kubernetes events.

    Args:
        account: where the bucket is.
        system_bucket: name of the bucket of system pod logs.
        key_arn: ARN of the key that encrypts it.
    """
    prefix = f"{account.bucket_arn(system_bucket)}/{KUBERNETES_EVENTS_PREFIX}/{account.cluster_name}"
    return document(
        statement("WriteKubernetesEvents", ["s3:PutObject"], [f"{prefix}/*"]),
        _encrypt(account, key_arn),
    )


def _encrypt(account: Account, key_arn: str) -> Document:
    return statement(
        "EncryptLogs",
        ["kms:GenerateDataKey"],
        [key_arn],
        condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
    )
