"""What Spark needs in AWS for event logs, as plain documents.

Leaves out the data that applications read and write, and their rights in Kubernetes, which follow from their team.
"""

from collections.abc import Sequence

from components.account import Account
from components.identity.policies import Document, document, statement

# What the names of rolling event logs' directories begin with; every other key of the bucket is somebody else's.
EVENT_LOGS = "eventlog_v2_*"


def event_log_policy(account: Account, bucket: str, key_arn: str) -> Document:
    """Write and read rolling event logs, and delete nothing of them but the mark that an application runs.

    Spark makes `appstatus_<application id>.inprogress` and renames it when the application ends; on Amazon S3 a rename
    is a copy and a delete, so deleting is allowed for that ending alone. Listing has no prefix: without the permission
    for the whole bucket Amazon S3 answers 403 instead of 404 for a file that does not exist yet, and S3A gives up.

    Args:
        account: the environment's account.
        bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.

    Source: Apache Spark, "Monitoring and Instrumentation", spark.eventLog.rolling; Hadoop S3A documentation; Amazon
    S3 API reference, "HeadObject".
    """
    logs = f"{account.bucket_arn(bucket)}/{EVENT_LOGS}"
    return document(
        _list_event_logs(account, bucket),
        statement(
            "WriteAndReadEventLogs",
            ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
            [logs],
        ),
        statement("FinishRename", ["s3:DeleteObject"], [f"{logs}/appstatus_*.inprogress"]),
        _use_key("EncryptEventLogs", ["kms:GenerateDataKey", "kms:Decrypt"], account, key_arn),
    )


def read_event_logs(account: Account, bucket: str, key_arn: str) -> Document:
    """Read rolling event logs of one environment: what its History Server may do.

    Args:
        account: the environment's account.
        bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.
    """
    return document(
        _list_event_logs(account, bucket),
        statement("ReadEventLogs", ["s3:GetObject"], [f"{account.bucket_arn(bucket)}/{EVENT_LOGS}"]),
        _use_key("DecryptEventLogs", ["kms:Decrypt"], account, key_arn),
    )


def _list_event_logs(account: Account, bucket: str) -> Document:
    return statement("ListEventLogs", ["s3:ListBucket"], [account.bucket_arn(bucket)])


def _use_key(sid: str, actions: Sequence[str], account: Account, key_arn: str) -> Document:
    through_s3 = {"StringEquals": {"kms:ViaService": account.service_in_region("s3")}}
    return statement(sid, actions, [key_arn], condition=through_s3)
