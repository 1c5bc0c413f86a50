"""The emulated locked bucket refuses what Amazon S3 refuses, and takes what it takes."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local_cluster.aws.locked_bucket import LockedBuckets
from tests.s3_server import S3Server

LOCKED, PLAIN = "locked", "plain"
PART = b"x" * 5 * 1024 * 1024


@dataclass(frozen=True)
class Served:
    client: Any
    buckets: LockedBuckets


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    server = S3Server(locked=[LOCKED])
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        # As SDKs did before they sent checksums by themselves, and as AWS SDK for Java 2.29 does.
        config=Config(request_checksum_calculation="when_required"),
    )
    for bucket in (LOCKED, PLAIN):
        client.create_bucket(Bucket=bucket)
    yield Served(client, server.buckets)
    server.stop()


def test_an_object_without_a_checksum_is_refused_in_amazon_s3s_words(served: Served) -> None:
    with pytest.raises(ClientError, match=r"InvalidRequest.*required for Put Object requests with Object Lock"):
        served.client.put_object(Bucket=LOCKED, Key="a", Body=b"text")
    served.client.put_object(Bucket=PLAIN, Key="a", Body=b"text")


@pytest.mark.parametrize(
    "checksum",
    [{"ContentMD5": "HLC/NypZb38qZ+dSIiR+dw=="}, {"ChecksumAlgorithm": "CRC32"}, {"ChecksumAlgorithm": "SHA256"}],
)
def test_an_object_with_a_checksum_is_taken_and_may_be_copied(served: Served, checksum: dict[str, str]) -> None:
    served.client.put_object(Bucket=LOCKED, Key="b", Body=b"text", **checksum)
    served.client.copy_object(Bucket=LOCKED, Key="c", CopySource=f"{LOCKED}/b")
    assert served.client.get_object(Bucket=LOCKED, Key="c")["Body"].read() == b"text"


def test_a_part_without_a_checksum_is_refused(served: Served) -> None:
    upload = served.client.create_multipart_upload(Bucket=LOCKED, Key="d")["UploadId"]
    with pytest.raises(ClientError, match=r"InvalidRequest.*required for Put Part requests with Object Lock"):
        served.client.upload_part(Bucket=LOCKED, Key="d", UploadId=upload, PartNumber=1, Body=PART)


def test_parts_have_the_checksum_that_their_upload_began_with(served: Served) -> None:
    upload = served.client.create_multipart_upload(Bucket=LOCKED, Key="g")["UploadId"]
    part = {"Bucket": LOCKED, "Key": "g", "UploadId": upload, "PartNumber": 1, "Body": PART}
    with pytest.raises(ClientError, match=r"mismatch occurred, expected checksum Type: null, actual .*: crc32"):
        served.client.upload_part(**part, ChecksumAlgorithm="CRC32")
    served.client.upload_part(**part, ContentMD5=base64.b64encode(hashlib.md5(PART).digest()).decode())


def test_an_upload_with_checksums_names_them_at_its_end(served: Served) -> None:
    named = {"Bucket": LOCKED, "Key": "e"}
    upload = {
        **named,
        "UploadId": served.client.create_multipart_upload(**named, ChecksumAlgorithm="CRC32")["UploadId"],
    }
    before = served.buckets.parts
    made = served.client.upload_part(**upload, PartNumber=1, Body=PART, ChecksumAlgorithm="CRC32")
    part = {"PartNumber": 1, "ETag": made["ETag"]}
    with pytest.raises(ClientError, match=r"created using a crc32 checksum.*missing for part 1"):
        served.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})
    whole = {"Parts": [{**part, "ChecksumCRC32": made["ChecksumCRC32"]}]}
    served.client.complete_multipart_upload(**upload, MultipartUpload=whole)
    assert served.buckets.parts == before + 1


def test_requests_come_side_by_side(served: Served) -> None:
    def put(number: int) -> None:
        served.client.put_object(Bucket=LOCKED, Key=f"f/{number}", Body=b"text", ChecksumAlgorithm="CRC32")

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert served.client.list_objects_v2(Bucket=LOCKED, Prefix="f/")["KeyCount"] == 8
