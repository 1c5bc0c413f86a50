"""Objects of a stack whose buckets lock, and that they outlast the process."""

import json
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.local_cluster.aws.pods import PodsOfAStack, error_of

FLUENT_BIT, AGENT = "logging:fluent-bit", "monitoring:otel-agent"
KEY = "spark/moka-production/app=spark-1/driver.gz"
TEAM = "teams/spark-analytics"


@pytest.fixture(autouse=True)
def _reached(production: PodsOfAStack) -> Iterator[None]:
    with production.reached():
        yield


def test_a_write_without_a_checksum_is_refused_by_a_locked_bucket(production: PodsOfAStack) -> None:
    named = {"Bucket": production.bucket("spark-logs"), "Key": KEY}
    bare = production.client("s3", FLUENT_BIT, request_checksum_calculation="when_required")
    code, message = error_of(bare.put_object, **named, Body=b"text")
    assert code == "InvalidRequest"
    assert "Content-MD5 OR x-amz-checksum- HTTP header is required" in message
    entry = production.logged()[-1]
    assert (entry["decision"], entry["status"]) == ("allowed", 400)
    bare.put_object(**named, Body=b"text", ContentMD5="HLC/NypZb38qZ+dSIiR+dw==")
    production.client("s3", FLUENT_BIT).put_object(**named, Body=b"text")


def test_what_a_locked_bucket_takes_is_taken_a_copy_without_checksum_too(production: PodsOfAStack) -> None:
    bucket, mark = production.bucket("spark-events"), f"{TEAM}/eventlog_v2_spark-1/appstatus_spark-1"
    spark = production.client("s3", "spark-analytics:spark", request_checksum_calculation="when_required")
    crc = {"ChecksumCRC32": "O4unxw=="}
    spark.put_object(Bucket=bucket, Key=f"{mark}.inprogress", Body=b"text", **crc)
    spark.copy_object(Bucket=bucket, Key=mark, CopySource=f"{bucket}/{mark}.inprogress")
    spark.delete_object(Bucket=bucket, Key=f"{mark}.inprogress")
    found = production.client("s3").head_object(Bucket=bucket, Key=mark)
    assert (found["ContentLength"], found["ObjectLockMode"]) == (4, "GOVERNANCE")


def test_objects_are_retained_as_the_bucket_says(production: PodsOfAStack) -> None:
    named = {"Bucket": production.bucket("spark-logs"), "Key": f"{KEY}.retained"}
    version = production.client("s3", FLUENT_BIT).put_object(**named, Body=b"text")["VersionId"]
    deployer = production.client("s3")
    found = deployer.head_object(**named)
    assert found["ObjectLockMode"] == "GOVERNANCE"
    assert found["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=80)
    assert error_of(deployer.delete_object, **named, VersionId=version)[0] == "AccessDenied"
    bypass = {**named, "VersionId": version, "BypassGovernanceRetention": True}
    assert error_of(deployer.delete_object, **bypass)[0] == "AccessDenied"


def test_an_upload_in_parts_is_retained_too(production: PodsOfAStack) -> None:
    named = {"Bucket": production.bucket("spark-events"), "Key": f"{TEAM}/eventlog_v2_spark-1/events_1_spark-1"}
    spark = production.client("s3", "spark-analytics:spark")
    upload = {**named, "UploadId": spark.create_multipart_upload(**named, ChecksumAlgorithm="CRC32")["UploadId"]}
    made = spark.upload_part(**upload, PartNumber=1, Body=b"events", ChecksumAlgorithm="CRC32")
    part = {"PartNumber": 1, "ETag": made["ETag"], "ChecksumCRC32": made["ChecksumCRC32"]}
    spark.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    production.restart()
    with production.reached():
        found = production.client("s3").head_object(**named)
    assert (found["ContentLength"], found.get("ObjectLockMode")) == (6, "GOVERNANCE")


def test_versions_retention_and_credentials_outlast_the_process(production: PodsOfAStack) -> None:
    named = {"Bucket": production.bucket("spark-logs"), "Key": f"{KEY}.kept"}
    given = production.credentials(FLUENT_BIT)
    writer = production.client("s3", given=given)
    first = writer.put_object(**named, Body=b"first", Metadata={"job": "spark-1"})["VersionId"]
    writer.put_object(**named, Body=b"second")
    production.restart()
    with production.reached():
        deployer = production.client("s3")
        assert deployer.get_object(**named)["Body"].read() == b"second"
        old = deployer.get_object(**named, VersionId=first)
        assert old["Body"].read() == b"first"
        assert old["Metadata"] == {"job": "spark-1"}
        assert old["ObjectLockMode"] == "GOVERNANCE"
        # What the pod signed with before holds on.
        production.client("s3", given=given).put_object(**named, Body=b"third")
        versions = deployer.list_object_versions(Bucket=named["Bucket"], Prefix=named["Key"])["Versions"]
    assert [each["IsLatest"] for each in versions] == [True, False, False]


def test_what_was_deleted_stays_deleted(production: PodsOfAStack) -> None:
    bucket = production.bucket("spark-events")
    marks = [f"{TEAM}/eventlog_v2_gone/appstatus_{number}.inprogress" for number in range(2)]
    spark = production.client("s3", "spark-analytics:spark")
    for mark in marks:
        spark.put_object(Bucket=bucket, Key=mark, Body=b"")
    spark.delete_object(Bucket=bucket, Key=marks[0])
    spark.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": marks[1]}]})
    production.restart()
    with production.reached():
        found = production.client("s3").list_object_versions(Bucket=bucket, Prefix=f"{TEAM}/eventlog_v2_gone/")
    assert [each["Key"] for each in found["DeleteMarkers"] if each["IsLatest"]] == marks


def test_files_of_state_are_the_owners_alone(production: PodsOfAStack) -> None:
    spark, key = production.client("s3", "spark-analytics:spark"), f"{TEAM}/eventlog_v2_kept/appstatus_kept"
    spark.put_object(Bucket=production.bucket("spark-events"), Key=key, Body=b"")
    production.restart()
    files = [each for each in production.directory.aws.rglob("*") if each.is_file()]
    assert {each.suffix for each in files} >= {".json", ".pickle", ".secret"}
    assert {oct(each.stat().st_mode & 0o777) for each in files} == {"0o600"}
    assert all(pickle.loads(each.read_bytes())[1] for each in files if each.suffix == ".pickle")


def test_samples_are_taken_for_the_stacks_workspace_alone(production: PodsOfAStack) -> None:
    (workspace,) = production.deployment.of("aws:amp/workspace:Workspace")

    def write(identifier: str, given: dict[str, str]) -> int:
        url = f"https://aps-workspaces.us-east-1.amazonaws.com/workspaces/{identifier}/api/v1/remote_write"
        signed = _signed(url, given)
        return requests.post(
            url, data=b"samples", headers=signed, verify=str(production.directory.pki / "ca.crt"), timeout=10
        ).status_code

    agent, deployer = (
        production.credentials(AGENT),
        json.loads((production.directory.aws / "deployer.json").read_text()),
    )
    assert write(workspace.identifier, agent) == 200
    assert production.logged()[-1]["actions"] == ["aps:RemoteWrite"]
    assert write("ws-other", agent) in (400, 403)
    assert write(workspace.identifier, production.credentials(FLUENT_BIT)) in (400, 403)
    assert write("ws-other", deployer) == 404


def _signed(url: str, given: dict[str, str]) -> dict[str, str]:
    credentials = Credentials(
        given["AccessKeyId"], given["SecretAccessKey"], given.get("Token") or given["SessionToken"]
    )
    request = AWSRequest("POST", url, data=b"samples")
    SigV4Auth(credentials, "aps", "us-east-1").add_auth(request)
    return dict(request.headers)
