"""What Spark needs in AWS for event logs, as plain documents.

Leaves out the data that applications read and write, and their rights in Kubernetes, which follow from their team.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from components.account import Account
from components.identity.policies import Document, document, statement
from components.spark.event_logs import DIRECTORIES, EVENT_LOGS, directory_of


def event_log_policy(
    account: Account, bucket: str, key_arn: str, *, namespace: str, at_root_until: date | None = None
) -> Document:
    """Write and read one team's rolling event logs, and delete nothing but the mark that an application runs.

    Spark makes `appstatus_<application id>.inprogress` and renames it when the application ends; on Amazon S3 a rename
    is a copy and a delete, so deleting is allowed for that ending alone.

    Reading includes the key of the directory itself, which no object has: S3A asks for that first. Listing has no
    prefix: a request for one object carries none, and without the permission to list Amazon S3 answers 403 instead of
    404 for an object that is not there, and S3A gives up. So names of other teams' logs, which are application ids, can
    be seen, and their objects not read.

    Args:
        account: the environment's account.
        bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.
        namespace: the team's, which names its directory.
        at_root_until: the day, in UTC, at whose beginning the right ends to write and read at the bucket's root, where
            all teams' logs lay together; None for no such right.

    Source: Apache Spark, "Monitoring and Instrumentation", spark.eventLog.rolling; Hadoop S3A documentation; Amazon
    S3 API reference, "HeadObject"; service authorization reference, "Condition keys for Amazon S3", by which
    s3:prefix belongs to listing alone; IAM user guide, "Date condition operators".
    """
    directory = f"{account.bucket_arn(bucket)}/{directory_of(namespace)}"
    return document(
        _list_event_logs(account, bucket),
        *_write_logs("", f"{directory}/{EVENT_LOGS}", read=[directory]),
        _use_key("EncryptEventLogs", ["kms:GenerateDataKey", "kms:Decrypt"], account, key_arn),
        *(() if at_root_until is None else _write_at_root(account, bucket, at_root_until)),
    )


def _write_logs(
    suffix: str, logs: str, *, read: Sequence[str] = (), condition: Document | None = None
) -> list[Document]:
    write = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    finish = [f"{logs}/appstatus_*.inprogress"]
    return [
        statement(f"WriteAndReadEventLogs{suffix}", write, [logs], condition=condition),
        *([statement(f"FindDirectory{suffix}", ["s3:GetObject"], read, condition=condition)] if read else []),
        statement(f"FinishRename{suffix}", ["s3:DeleteObject"], finish, condition=condition),
    ]


def _write_at_root(account: Account, bucket: str, until: date) -> Iterable[Document]:
    before = {"DateLessThan": {"aws:CurrentTime": f"{until.isoformat()}T00:00:00Z"}}
    return _write_logs("AtRoot", f"{account.bucket_arn(bucket)}/{EVENT_LOGS}", condition=before)


def read_event_logs(account: Account, bucket: str, key_arn: str) -> Document:
    """Read all teams' rolling event logs: what the environment's History Server may do.

    Args:
        account: the environment's account.
        bucket: name of the event-log bucket.
        key_arn: ARN of the key that encrypts it.
    """
    objects = account.bucket_arn(bucket)
    return document(
        _list_event_logs(account, bucket),
        statement("ReadEventLogs", ["s3:GetObject"], [f"{objects}/{DIRECTORIES}/*", f"{objects}/{EVENT_LOGS}"]),
        _use_key("DecryptEventLogs", ["kms:Decrypt"], account, key_arn),
    )


def _list_event_logs(account: Account, bucket: str) -> Document:
    return statement("ListEventLogs", ["s3:ListBucket"], [account.bucket_arn(bucket)])


def _use_key(sid: str, actions: Sequence[str], account: Account, key_arn: str) -> Document:
    through_s3 = {"StringEquals": {"kms:ViaService": account.service_in_region("s3")}}
    return statement(sid, actions, [key_arn], condition=through_s3)
