"""What a request to Amazon S3 asks, by its method, its address and its headers."""

from collections.abc import Sequence

import pytest

from local_cluster.aws.access import UnknownCallError
from local_cluster.aws.api_request import ApiRequest
from local_cluster.aws.deployment import Deployment
from local_cluster.aws.s3_actions import s3_call
from tests.local_cluster.aws.cluster import ACCOUNT, REGION, cluster, resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-1111-1111-1111-111111111111"
HOST = f"s3.{REGION}.amazonaws.com"


@pytest.fixture(scope="module")
def deployment() -> Deployment:
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
    rules = [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]
    encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    return Deployment(
        {
            "resources": [
                cluster(),
                resource("aws:s3/bucket:Bucket", "logs", {"bucket": "logs"}, arn="arn:aws:s3:::logs"),
                resource(encryption, "logs-e", {"bucket": "logs", "rules": rules}),
            ]
        }
    )


def request(line: str, headers: dict[str, str] | None = None, host: str = HOST, body: bytes = b"") -> ApiRequest:
    method, address = line.split()
    path, _, query = address.partition("?")
    return ApiRequest(method, host, path, query, headers or {}, body)


@pytest.mark.parametrize(
    ("line", "headers", "actions"),
    [
        ("GET /", {}, ["s3:ListAllMyBuckets"]),
        ("HEAD /logs", {}, ["s3:ListBucket"]),
        ("GET /logs?list-type=2&prefix=a", {}, ["s3:ListBucket"]),
        ("GET /logs?versions", {}, ["s3:ListBucketVersions"]),
        ("GET /logs?location", {}, ["s3:GetBucketLocation"]),
        ("PUT /logs?policy", {}, ["s3:PutBucketPolicy"]),
        ("DELETE /logs?policy", {}, ["s3:DeleteBucketPolicy"]),
        ("DELETE /logs?lifecycle", {}, ["s3:PutLifecycleConfiguration"]),
        ("GET /logs/a", {}, ["s3:GetObject", "kms:Decrypt"]),
        ("GET /logs/a?versionId=1", {}, ["s3:GetObjectVersion", "kms:Decrypt"]),
        ("HEAD /logs/a", {}, ["s3:GetObject"]),
        ("PUT /logs/a", {}, ["s3:PutObject", "kms:GenerateDataKey"]),
        ("PUT /logs/a", {"x-amz-server-side-encryption": "AES256"}, ["s3:PutObject"]),
        ("PUT /logs/a", {"x-amz-tagging": "a=b"}, ["s3:PutObject", "s3:PutObjectTagging", "kms:GenerateDataKey"]),
        (
            "PUT /logs/a",
            {"x-amz-object-lock-mode": "GOVERNANCE"},
            ["s3:PutObject", "s3:PutObjectRetention", "kms:GenerateDataKey"],
        ),
        ("PUT /logs/a?retention", {}, ["s3:PutObjectRetention"]),
        ("DELETE /logs/a", {}, ["s3:DeleteObject"]),
        ("DELETE /logs/a?versionId=1", {}, ["s3:DeleteObjectVersion"]),
        (
            "DELETE /logs/a?versionId=1",
            {"x-amz-bypass-governance-retention": "true"},
            ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
        ),
        ("POST /logs/a?uploads", {}, ["s3:PutObject", "kms:GenerateDataKey"]),
        ("PUT /logs/a?partNumber=1&uploadId=x", {}, ["s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt"]),
        ("POST /logs/a?uploadId=x", {}, ["s3:PutObject", "kms:Decrypt"]),
        ("GET /logs/a?uploadId=x", {}, ["s3:ListMultipartUploadParts"]),
        ("DELETE /logs/a?uploadId=x", {}, ["s3:AbortMultipartUpload"]),
        (
            "PUT /logs/a",
            {"x-amz-copy-source": "/logs/b?versionId=1"},
            ["s3:PutObject", "s3:GetObjectVersion", "kms:Decrypt", "kms:GenerateDataKey"],
        ),
    ],
)
def test_a_request_asks_its_actions(
    deployment: Deployment, line: str, headers: dict[str, str], actions: Sequence[str]
) -> None:
    assert [each.action for each in s3_call(request(line, headers), deployment).accesses] == actions


def test_resources_and_condition_keys_are_the_requests(deployment: Deployment) -> None:
    (listing,) = s3_call(request("GET /logs?list-type=2&prefix=a%2Fb&delimiter=%2F"), deployment).accesses
    assert listing.resource == "arn:aws:s3:::logs"
    assert listing.context == {"s3:prefix": "a/b", "s3:delimiter": "/"}
    named = {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": f"{KEY}2"}
    put, key = s3_call(request("PUT /a/b%20c", named, f"logs.{HOST}"), deployment).accesses
    assert put.resource == "arn:aws:s3:::logs/a/b c"
    assert put.context["s3:x-amz-server-side-encryption-aws-kms-key-id"] == f"{KEY}2"
    assert (key.resource, key.through) == (f"{KEY}2", "s3")
    assert key.context["kms:ViaService"] == f"s3.{REGION}.amazonaws.com"
    assert key.context["kms:EncryptionContext:aws:s3:arn"] == "arn:aws:s3:::logs"
    (other,) = s3_call(request("GET /others/a"), deployment).accesses
    assert other.owner == ""


def test_every_object_of_a_bulk_deletion_is_one(deployment: Deployment) -> None:
    body = (
        b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a &amp; b</Key></Object>'
        b"<Object><Key>c</Key><VersionId>1</VersionId></Object></Delete>"
    )
    first, second = s3_call(request("POST /logs?delete", body=body), deployment).accesses
    assert (first.action, first.resource) == ("s3:DeleteObject", "arn:aws:s3:::logs/a & b")
    assert (second.action, second.resource) == ("s3:DeleteObjectVersion", "arn:aws:s3:::logs/c")


@pytest.mark.parametrize(("line", "body"), [("PATCH /logs/a", b""), ("POST /logs?delete", b"no xml")])
def test_what_is_not_known_is_refused_rather_than_let_through(deployment: Deployment, line: str, body: bytes) -> None:
    with pytest.raises(UnknownCallError):
        s3_call(request(line, body=body), deployment)
