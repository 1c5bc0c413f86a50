"""What pods ask of AWS and do not get: the answer names action, resource and policy, or what the request lacks."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import requests
from botocore.config import Config

from tests.local_cluster.aws.pods import error_of
from tests.local_cluster.drills.mistake import Mistake, Says, World
from tests.s3_server import S3Server

_S3, _AGENT = "Amazon S3", "pod identity agent"
_SPARK, _HISTORY = "spark-analytics:spark", "spark-history:spark-history-server"
_KEY = "teams/spark-analytics/eventlog_v2_spark-1/events_1_spark-1"
_ROLE_POLICY, _KEY_POLICY, _ENDPOINT = (
    "aws:iam/rolePolicy:RolePolicy",
    "aws:kms/key:Key",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
)

_Document = dict[str, Any]


def _asked(account: str, bucket: str, operation: str, **arguments: Any) -> Callable[[World], Says]:
    """A request of a pod; without a body unless one is given."""

    def plant(world: World) -> Says:
        s3 = world.aws.client("s3", account)
        said = error_of(getattr(s3, operation), Bucket=world.aws.bucket(bucket), **arguments)
        return lambda: ": ".join(said)

    return plant


def _with_policy(
    kind: str, name: str, change: Callable[[_Document], None], asked: Callable[[World], Says]
) -> Callable[[World], Says]:
    """A request while a policy of the stack is another."""

    def alter(resource: dict[str, Any]) -> None:
        if resource["type"] == kind and name in resource["urn"].rsplit("::", 1)[-1]:
            document = json.loads(resource["inputs"]["policy"])
            change(document)
            resource["inputs"]["policy"] = json.dumps(document)

    def plant(world: World) -> Says:
        before = world.aws.state.read_text()
        world.aws.alter(alter)
        try:
            return asked(world)
        finally:
            world.aws.state.write_text(before)

    return plant


def _without_the_key(document: _Document) -> None:
    document["Statement"] = [each for each in document["Statement"] if "kms:Decrypt" not in each["Action"]]


def _without_use_of_the_key(document: _Document) -> None:
    document["Statement"] = [each for each in document["Statement"] if each["Sid"] != "UseThroughAmazonS3"]


def _closed(document: _Document) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Sid": "Closed"}
    document["Statement"].append(statement)


def _without_a_role(world: World) -> Says:
    answer = requests.get(world.aws.agent, headers={"Authorization": "spark:default"}, timeout=10)
    return lambda: answer.text


def _with_a_forged_signature(world: World) -> Says:
    """An address that was signed, and changed afterwards."""
    given = world.aws.credentials(_SPARK)
    s3 = world.aws.client("s3", given=given, signature_version="s3v4")
    named = {"Bucket": world.aws.bucket("spark-events"), "Key": _KEY}
    forged = s3.generate_presigned_url("get_object", named) + "0"
    answer = requests.get(forged, verify=str(world.aws.directory.pki / "ca.crt"), timeout=10)
    return lambda: answer.text


def _without_a_checksum(world: World) -> Says:
    """A write to a bucket with Object Lock, by a client that sends no checksum of itself."""
    del world
    server = S3Server(locked=["locked"])
    try:
        client = boto3.client(
            "s3",
            endpoint_url=server.url,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(request_checksum_calculation="when_required"),
        )
        client.create_bucket(Bucket="locked")
        said = error_of(client.put_object, Bucket="locked", Key="a", Body=b"text")
    finally:
        server.stop()
    return lambda: ": ".join(said)


def _unknown_service(world: World) -> Says:
    said = error_of(world.aws.client("dynamodb", _SPARK).list_tables)
    return lambda: ": ".join(said)


_WRITE = _asked(_SPARK, "spark-events", "put_object", Key=_KEY, Body=b"")

AWS_MISTAKES = [
    Mistake(
        "a program writes where its role only reads",
        _S3,
        _asked(_HISTORY, "spark-events", "put_object", Key=_KEY, Body=b""),
        ("AccessDenied", "s3:PutObject", "explicit deny in a resource-based policy", "history-server"),
    ),
    Mistake(
        "a program reads another's bucket",
        _S3,
        _asked(_SPARK, "system-logs", "get_object", Key="system/a"),
        ("AccessDenied", "no identity-based policy allows the s3:GetObject", "system-logs"),
    ),
    Mistake(
        "a role too narrow for the key of its bucket",
        _S3,
        _with_policy(_ROLE_POLICY, "spark-analytics-spark", _without_the_key, _WRITE),
        ("AccessDenied", "no identity-based policy allows the kms:GenerateDataKey"),
    ),
    Mistake(
        "a key's policy leaves out who writes through Amazon S3",
        _S3,
        _with_policy(_KEY_POLICY, "log-buckets", _without_use_of_the_key, _WRITE),
        ("AccessDenied", "kms:GenerateDataKey", "key policy"),
    ),
    Mistake(
        "the endpoint's policy denies what the role allows",
        _S3,
        _with_policy(_ENDPOINT, "-s3", _closed, _WRITE),
        ("AccessDenied", "explicit deny in a VPC endpoint policy"),
    ),
    Mistake(
        "a write without a checksum to a locked bucket", _S3, _without_a_checksum, ("InvalidRequest", "Object Lock")
    ),
    Mistake("a request's signature is another's", _S3, _with_a_forged_signature, ("SignatureDoesNotMatch",)),
    Mistake(
        "a pod's service account has no association",
        _AGENT,
        _without_a_role,
        ("spark", "default"),
    ),
    Mistake("a program calls a service that the stack gives nobody", "AWS", _unknown_service, ("no dynamodb",)),
]
