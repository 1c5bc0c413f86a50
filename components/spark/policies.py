"""What Spark applications may do in AWS and in the Kubernetes API, as plain documents and rules.

Leaves out the data that applications read and write: that is granted to their own service accounts.
"""

import pulumi_kubernetes as kubernetes

from components.account import Account
from components.identity.policies import Document, document, statement


def event_log_policy(account: Account, bucket: str, key_arn: str) -> Document:
    """Write and read event logs, and delete none that is complete.

    Spark writes an event log as `*.inprogress` and renames it when it is complete; on Amazon S3 a rename is a copy
    and a delete, so deleting is allowed for that ending alone.

    Args:
        account: the environment's account.
        bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.

    Source: Apache Spark, "Monitoring and Instrumentation", spark.eventLog.rolling; Hadoop S3A documentation.
    """
    bucket_arn = account.bucket_arn(bucket)
    return document(
        statement("ListEventLogs", ["s3:ListBucket"], [bucket_arn]),
        statement(
            "WriteAndReadEventLogs",
            ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
            [f"{bucket_arn}/*"],
        ),
        statement("FinishRename", ["s3:DeleteObject"], [f"{bucket_arn}/*.inprogress"]),
        statement("EncryptEventLogs", ["kms:GenerateDataKey", "kms:Decrypt"], [key_arn]),
    )


def driver_rules() -> list[kubernetes.rbac.v1.PolicyRuleArgs]:
    """What a Spark driver does in its own namespace: make, watch and remove its executors and what they need.

    Source: Apache Spark, "Running Spark on Kubernetes", RBAC.
    """
    return [
        kubernetes.rbac.v1.PolicyRuleArgs(
            api_groups=[""],
            resources=["pods", "services", "configmaps", "persistentvolumeclaims"],
            verbs=["create", "get", "list", "watch", "patch", "delete", "deletecollection"],
        ),
        kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["pods/log"], verbs=["get"]),
    ]
