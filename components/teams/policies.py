"""What a team's service accounts may do in AWS, as plain documents: its data, and its event logs.

Leaves out what people may do, who only talk to Kubernetes (`rights.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from components.account import Account
from components.identity.policies import Document, document, statement
from components.spark.policies import event_log_policy
from components.teams.settings import DataLocation, DataSettings

READ = ("s3:GetObject",)
WRITE = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


def application_policy(
    account: Account,
    data: DataSettings,
    event_log_bucket: str,
    event_log_key_arn: str,
    *,
    namespace: str,
    at_root_until: date | None = None,
) -> Document:
    """Use the data, write the team's event logs, and nothing else.

    Args:
        account: the environment's account, whose buckets alone are meant.
        data: what may be read and written.
        event_log_bucket: name of the event-log bucket.
        event_log_key_arn: ARN of the key that encrypts it.
        namespace: the team's.
        at_root_until: as of `event_log_policy`.
    """
    event_logs = event_log_policy(
        account, event_log_bucket, event_log_key_arn, namespace=namespace, at_root_until=at_root_until
    )
    return document(*event_logs["Statement"], *_data_statements(account, data))


def _data_statements(account: Account, data: DataSettings) -> Iterable[Document]:
    """Statements for the places; those of one kind share one, since IAM bounds a policy's length.

    Listing has no prefix, as in `event_log_policy`: with one, Amazon S3 answers 403 instead of 404 for a file that does
    not exist yet, and S3A gives up. So names of other keys of a bucket can be seen, and their objects not read. Whoever
    writes also lists uploads in progress: the magic committer ends those that an earlier attempt left.

    Source: Amazon S3 API reference, "HeadObject"; Hadoop S3A documentation, "Committing work to S3 with the S3A
    Committers".
    """
    places = (*data.read, *data.write)
    if not places:
        return
    yield _of_this_account("FindData", ["s3:ListBucket"], _buckets(account, places), account)
    if data.read:
        yield _of_this_account("ReadData", READ, _objects(account, data.read), account)
    if data.write:
        yield _of_this_account("WriteData", WRITE, _objects(account, data.write), account)
        yield _of_this_account("FindUploads", ["s3:ListBucketMultipartUploads"], _buckets(account, data.write), account)
    yield from _key_statements(account, data)


def _key_statements(account: Account, data: DataSettings) -> Iterable[Document]:
    through_s3 = {"StringEquals": {"kms:ViaService": account.service_in_region("s3")}}
    written = _keys(data.write)
    if read := sorted(set(_keys(data.read)) - set(written)):
        yield statement("DecryptData", ["kms:Decrypt"], read, condition=through_s3)
    if written:
        yield statement("EncryptData", ["kms:GenerateDataKey", "kms:Decrypt"], written, condition=through_s3)


def _of_this_account(sid: str, actions: Sequence[str], resources: Sequence[str], account: Account) -> Document:
    """A bucket of the name that belongs to another account, such as another environment's, is not meant."""
    return statement(sid, actions, resources, condition={"StringEquals": {"aws:ResourceAccount": account.id}})


def _buckets(account: Account, places: Iterable[DataLocation]) -> list[str]:
    return sorted({account.bucket_arn(place.bucket) for place in places})


def _objects(account: Account, places: Iterable[DataLocation]) -> list[str]:
    return [f"{account.bucket_arn(place.bucket)}/{place.prefix}*" for place in places]


def _keys(places: Iterable[DataLocation]) -> list[str]:
    return sorted({place.key_arn for place in places if place.key_arn is not None})
