"""Spark applications of teams, and the History Server."""

from collections.abc import Iterator, Mapping

from components.account import Account
from components.identity.programs.call import Call, Program
from components.identity.programs.logs import through
from components.spark.event_logs import directory_of
from components.teams.names import identity_of, namespace_of
from components.teams.settings import DataLocation, DataSettings, TeamSettings

_EVENT_LOG = "eventlog_v2_spark-1"
_S3A = "Hadoop S3A documentation, Working with IAM Assumed Roles: permissions for reading and for writing"
_COMMITTERS = "Hadoop S3A documentation, Committing work to S3 with the S3A Committers"
_ROLLING = "Apache Spark, RollingEventLogFilesWriter: append to a part, and rename the mark of a running application"
_READ = ("kms:Decrypt",)
# A multipart upload reads its own parts' key back when it is completed.
_WRITE = ("kms:GenerateDataKey", "kms:Decrypt")


def spark_programs(account: Account, teams: Mapping[str, TeamSettings]) -> tuple[Program, ...]:
    """The History Server, and the pods of each service account of each team.

    Args:
        account: the environment's account.
        teams: team name to its settings.
    """
    reader = Program(
        "Spark History Server",
        "history-server-pod",
        (
            Call(("s3:ListBucket",), ("{spark_events}",), _S3A),
            Call(
                ("s3:GetObject",),
                tuple(f"{each}/{_EVENT_LOG}/events_1_spark-1" for each in (*map(_directory, teams), "{spark_events}")),
                _S3A,
            ),
            Call(_READ, ("{log_key}",), _S3A, through(account, "s3")),
        ),
    )
    return (
        reader,
        *(
            _application(account, team, each, settings.data_of(each))
            for team, settings in teams.items()
            for each in settings.service_accounts
        ),
    )


def _application(account: Account, team: str, service_account: str, data: DataSettings) -> Program:
    return Program(
        f"Spark applications of team {team} as {service_account}",
        f"{identity_of(team, service_account)}-pod",
        (*_event_logs(account, team), *_data(account, data)),
        {"aws:ResourceAccount": account.id},
    )


def _directory(team: str) -> str:
    return f"{{spark_events}}/{directory_of(namespace_of(team))}"


def _event_logs(account: Account, team: str) -> Iterator[Call]:
    log = f"{_directory(team)}/{_EVENT_LOG}"
    mark = f"{log}/appstatus_spark-1.inprogress"
    yield Call(("s3:ListBucket",), ("{spark_events}",), _S3A)
    # Whether the directory is there: S3A asks for its key before it lists.
    yield Call(("s3:GetObject",), (_directory(team),), _S3A)
    yield Call(("s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject"), (f"{log}/events_1_spark-1", mark), _ROLLING)
    yield Call(("s3:DeleteObject",), (mark,), _ROLLING)
    yield Call(_WRITE, ("{log_key}",), _S3A, through(account, "s3"))


def _data(account: Account, data: DataSettings) -> Iterator[Call]:
    read, write = ([_object(account, place) for place in places] for places in (data.read, data.write))
    buckets = {account.bucket_arn(place.bucket): place in data.write for place in (*data.read, *data.write)}
    if buckets:
        yield Call(("s3:ListBucket",), tuple(buckets), _S3A)
    if read:
        yield Call(("s3:GetObject",), tuple(read), _S3A)
    if write:
        actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
        yield Call(actions, tuple(write), _S3A)
        yield Call(
            ("s3:ListBucketMultipartUploads",),
            tuple(account.bucket_arn(place.bucket) for place in data.write),
            f"{_COMMITTERS}: uploads of an earlier attempt are ended",
        )
    for places, actions in ((data.read, _READ), (data.write, _WRITE)):
        if keys := tuple(place.key_arn for place in places if place.key_arn is not None):
            yield Call(actions, keys, _S3A, through(account, "s3"))


def _object(account: Account, place: DataLocation) -> str:
    return f"{account.bucket_arn(place.bucket)}/{place.prefix}table/part-00000.parquet"
