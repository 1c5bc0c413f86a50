"""Programs in pods call AWS and get what the stack's policies give them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import boto3
import pytest
import requests
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cluster.aws.requests import main
from tests.local_cluster.aws.pods import PodsOfAStack, error_of

SPARK, HISTORY, FLUENT_BIT = "spark-analytics:spark", "spark-history:spark-history-server", "logging:fluent-bit"
TEAM = "teams/spark-analytics"
EVENTS = f"{TEAM}/eventlog_v2_spark-1/events_1_spark-1"
PART = b"x" * 5 * 1024 * 1024


@pytest.fixture(autouse=True)
def _reached(dev: PodsOfAStack) -> Iterator[None]:
    with dev.reached():
        yield


@pytest.fixture
def altered(dev: PodsOfAStack) -> Iterator[Callable[[Callable[[dict[str, Any]], None]], None]]:
    before = dev.state.read_text()
    yield dev.alter
    dev.state.write_text(before)


def change_policy(kind: str, name: str, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def alter(resource: dict[str, Any]) -> None:
        if resource["type"] == kind and name in resource["urn"].rsplit("::", 1)[-1]:
            document = json.loads(resource["inputs"]["policy"])
            change(document)
            resource["inputs"]["policy"] = json.dumps(document)

    return alter


def test_spark_writes_lists_and_renames_its_event_log(dev: PodsOfAStack) -> None:
    s3, bucket = dev.client("s3", SPARK), dev.bucket("spark-events")
    s3.put_object(Bucket=bucket, Key=EVENTS, Body=b"events")
    mark = f"{TEAM}/eventlog_v2_spark-1/appstatus_spark-1"
    s3.put_object(Bucket=bucket, Key=f"{mark}.inprogress", Body=b"")
    s3.copy_object(Bucket=bucket, Key=mark, CopySource=f"{bucket}/{mark}.inprogress")
    s3.delete_object(Bucket=bucket, Key=f"{mark}.inprogress")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{TEAM}/eventlog_v2_spark-1/")["Contents"]
    assert [each["Key"] for each in listed] == [mark, EVENTS]
    assert s3.get_object(Bucket=bucket, Key=EVENTS)["Body"].read() == b"events"
    assert dev.client("s3", HISTORY).get_object(Bucket=bucket, Key=EVENTS)["Body"].read() == b"events"


def test_a_team_writes_into_its_own_directory_alone_which_is_there_before_its_first_application(
    dev: PodsOfAStack,
) -> None:
    s3, bucket = dev.client("s3", SPARK), dev.bucket("spark-events")
    assert f"{TEAM}/.directory" in {each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=TEAM)["Contents"]}
    for key in (EVENTS.replace("analytics", "ads"), EVENTS.removeprefix(f"{TEAM}/")):
        assert error_of(s3.put_object, Bucket=bucket, Key=key, Body=b"")[0] == "AccessDenied"
        assert error_of(s3.get_object, Bucket=bucket, Key=key)[0] == "AccessDenied"


def test_large_event_logs_are_uploaded_in_parts(dev: PodsOfAStack) -> None:
    s3, named = dev.client("s3", SPARK), {"Bucket": dev.bucket("spark-events"), "Key": f"{EVENTS}.zstd"}
    upload = {**named, "UploadId": s3.create_multipart_upload(**named)["UploadId"]}
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in enumerate((PART, b"end"), start=1)
    ]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert s3.head_object(**named)["ContentLength"] == len(PART) + 3
    assert dev.client("s3", HISTORY).get_object(**named, Range="bytes=0-9")["Body"].read() == b"x" * 10
    entry = next(each for each in dev.logged() if each["operation"] == "UploadPart")
    assert entry["actions"] == ["s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt"]


def test_what_a_role_does_not_grant_is_refused_and_named(dev: PodsOfAStack) -> None:
    s3, bucket = dev.client("s3", HISTORY), dev.bucket("spark-events")
    # Of a bucket that names its writers the bucket policy denies as well, and a denial comes first.
    code, message = error_of(s3.put_object, Bucket=bucket, Key=EVENTS, Body=b"")
    assert (code, "explicit deny in a resource-based policy" in message) == ("AccessDenied", True)
    code, message = error_of(s3.get_object, Bucket=dev.bucket("spark-logs"), Key="spark/x")
    assert code == "AccessDenied"
    assert "assumed-role/moka-dev-history-server-pod/" in message
    assert "because no identity-based policy allows the s3:GetObject action" in message
    entry = dev.logged()[-1]
    assert entry["decision"] == "not allowed"
    assert entry["layer"] == "identity policy"
    assert entry["serviceAccount"] == "spark-history/spark-history-server"
    assert entry["resources"][0] == f"arn:aws:s3:::{dev.bucket('spark-logs')}/spark/x"
    assert entry["status"] == 403


def test_a_copy_needs_its_source_too(dev: PodsOfAStack) -> None:
    s3, source = dev.client("s3", SPARK), f"{dev.bucket('system-logs')}/events/moka-dev/x"
    code, message = error_of(s3.copy_object, Bucket=dev.bucket("spark-events"), Key=EVENTS, CopySource=source)
    assert (code, f's3:GetObject on resource: "arn:aws:s3:::{source}"' in message) == ("AccessDenied", True)


def test_a_bucket_policy_denies_even_the_deployer(dev: PodsOfAStack) -> None:
    spark, deployer, bucket = dev.client("s3", SPARK), dev.client("s3"), dev.bucket("spark-events")
    spark.put_object(Bucket=bucket, Key=EVENTS, Body=b"events")
    assert deployer.get_object(Bucket=bucket, Key=EVENTS)["Body"].read() == b"events"
    code, message = error_of(deployer.put_object, Bucket=bucket, Key=EVENTS, Body=b"")
    assert (code, "bucket policy" in message) == ("AccessDenied", True)
    assert error_of(spark.delete_object, Bucket=bucket, Key=EVENTS)[0] == "AccessDenied"
    other = "arn:aws:kms:us-east-1:222222222222:key/11111111-1111-1111-1111-111111111111"
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": other}
    code, message = error_of(spark.put_object, Bucket=bucket, Key=EVENTS, Body=b"", **encryption)
    assert (code, "s3:PutObject" in message) == ("AccessDenied", True)


def test_of_many_deletions_each_is_judged(dev: PodsOfAStack) -> None:
    s3, bucket = dev.client("s3", SPARK), dev.bucket("spark-events")
    kept, gone = f"{TEAM}/eventlog_v2_spark-2/events_1", f"{TEAM}/eventlog_v2_spark-2/appstatus_spark-2.inprogress"
    for key in (kept, gone):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": kept}, {"Key": gone}]})
    assert [each["Key"] for each in answer["Deleted"]] == [gone]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [(kept, "AccessDenied")]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{TEAM}/eventlog_v2_spark-2/")["Contents"]
    assert [each["Key"] for each in listed] == [kept]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": kept}], "Quiet": True})
    assert ("Deleted" in answer, len(answer["Errors"])) == (False, 1)


def test_an_endpoint_policy_ends_what_it_does_not_let_through(dev: PodsOfAStack, altered: Any) -> None:
    s3 = dev.client("s3", SPARK)
    code, message = error_of(s3.list_objects_v2, Bucket="somebody-elses-bucket")
    assert (code, "VPC endpoint policy" in message) == ("AccessDenied", True)
    assert dev.logged()[-1]["layer"] == "endpoint policy"

    def forbid(document: dict[str, Any]) -> None:
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
        document["Statement"].append(statement)

    def keep_to_s3(document: dict[str, Any]) -> None:
        document["Statement"][0]["Action"] = "s3:*"

    altered(change_policy("aws:ec2/vpcEndpoint:VpcEndpoint", "-s3", keep_to_s3))
    # Amazon S3 uses the key, and does not come by this endpoint.
    s3.put_object(Bucket=dev.bucket("spark-events"), Key=EVENTS, Body=b"")
    altered(change_policy("aws:ec2/vpcEndpoint:VpcEndpoint", "-s3", forbid))
    code, message = error_of(s3.get_object, Bucket=dev.bucket("spark-events"), Key=EVENTS)
    assert (code, "explicit deny in a VPC endpoint policy" in message) == ("AccessDenied", True)
    # Who comes from outside of the VPC passes no endpoint.
    assert error_of(dev.client("s3").get_object, Bucket=dev.bucket("spark-events"), Key="none")[0] == "NoSuchKey"


def test_a_key_policy_has_the_last_word_on_encrypted_objects(dev: PodsOfAStack, altered: Any) -> None:
    s3, named = dev.client("s3", SPARK), {"Bucket": dev.bucket("spark-events"), "Key": EVENTS}
    s3.put_object(**named, Body=b"events")

    def take_use_away(document: dict[str, Any]) -> None:
        document["Statement"] = [each for each in document["Statement"] if each["Sid"] != "UseThroughAmazonS3"]

    altered(change_policy("aws:kms/key:Key", "log-buckets", take_use_away))
    code, message = error_of(s3.put_object, **named, Body=b"")
    assert code == "AccessDenied"
    assert "kms:GenerateDataKey" in message
    assert "key policy" in message


def test_a_role_too_narrow_shows_and_mending_it_is_seen_at_once(dev: PodsOfAStack, altered: Any) -> None:
    s3, named = dev.client("s3", SPARK), {"Bucket": dev.bucket("spark-events"), "Key": EVENTS}
    before = dev.state.read_text()

    def narrow(document: dict[str, Any]) -> None:
        document["Statement"] = [each for each in document["Statement"] if "kms:Decrypt" not in each["Action"]]

    altered(change_policy("aws:iam/rolePolicy:RolePolicy", "spark-analytics-spark", narrow))
    code, message = error_of(s3.put_object, **named, Body=b"")
    assert (code, "no identity-based policy allows the kms:GenerateDataKey" in message) == ("AccessDenied", True)
    dev.state.write_text(before)
    s3.put_object(**named, Body=b"")


def test_a_policy_that_cannot_be_evaluated_lets_nothing_through(dev: PodsOfAStack, altered: Any) -> None:
    def confuse(document: dict[str, Any]) -> None:
        document["Statement"][0]["Condition"] = {"NumericLessThan": {"aws:RequestedRegion": "10"}}

    altered(change_policy("aws:iam/rolePolicy:RolePolicy", "spark-analytics-spark", confuse))
    code, message = error_of(dev.client("s3", SPARK).list_objects_v2, Bucket=dev.bucket("spark-events"))
    assert (code, "NumericLessThan" in message) == ("InternalError", True)


def test_a_missing_object_is_missing_only_to_who_may_list(dev: PodsOfAStack) -> None:
    named = {"Bucket": dev.bucket("spark-events"), "Key": f"{TEAM}/eventlog_v2_none/events"}
    assert error_of(dev.client("s3", SPARK).get_object, **named)[0] == "NoSuchKey"
    assert error_of(dev.client("s3", SPARK).head_object, **named)[0] == "404"
    canary = dev.client("s3", "log-canary:log-canary-checker")
    key = "system/moka-dev/none/log-canary-writer-1"
    assert error_of(canary.get_object, Bucket=dev.bucket("system-logs"), Key=key)[0] == "AccessDenied"


def test_conditions_on_listings_are_asked(dev: PodsOfAStack) -> None:
    canary, bucket = dev.client("s3", "log-canary:log-canary-checker"), dev.bucket("system-logs")
    canary.list_objects_v2(Bucket=bucket, Prefix="system/moka-dev/x/log-canary-writer-1")
    assert error_of(canary.list_objects_v2, Bucket=bucket, Prefix="events/")[0] == "AccessDenied"
    assert error_of(canary.list_objects_v2, Bucket=bucket)[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"AccessKeyId": "ASIAXXXXXXXXXXXXXXXX"}, "InvalidAccessKeyId"),
        ({"SecretAccessKey": "x" * 40}, "SignatureDoesNotMatch"),
        ({"Token": "x" * 100}, "InvalidToken"),
    ],
)
def test_requests_that_nobody_known_signed_are_refused(dev: PodsOfAStack, wrong: dict[str, str], code: str) -> None:
    given = dev.credentials(SPARK) | wrong
    assert error_of(dev.client("s3", given=given).list_objects_v2, Bucket=dev.bucket("spark-events"))[0] == code
    assert dev.logged()[-1]["decision"] == "refused"
    codes = {"InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch"}
    assert error_of(dev.client("kms", given=given).list_keys)[0] in codes | {"UnrecognizedClientException"}


def test_a_request_that_is_not_signed_is_refused(dev: PodsOfAStack) -> None:
    url = f"https://{dev.bucket('spark-events')}.s3.us-east-1.amazonaws.com/{EVENTS}"
    assert requests.get(url, verify=str(dev.directory.pki / "ca.crt"), timeout=10).status_code == 403


def test_presigned_addresses_are_judged_as_their_signer(dev: PodsOfAStack) -> None:
    named = {"Bucket": dev.bucket("spark-events"), "Key": f"{TEAM}/eventlog_v2_a b+c/ü=&"}
    dev.client("s3", SPARK).put_object(**named, Body=b"events")
    authority = str(dev.directory.pki / "ca.crt")
    in_host = dev.client("s3", HISTORY, signature_version="s3v4")
    in_path = dev.client("s3", HISTORY, signature_version="s3v4", s3={"addressing_style": "path"})
    urls = [each.generate_presigned_url("get_object", named) for each in (in_host, in_path)]
    assert [requests.get(url, verify=authority, timeout=10).content for url in urls] == [b"events", b"events"]
    assert requests.get(urls[1] + "0", verify=authority, timeout=10).status_code == 403
    url = dev.client("s3", FLUENT_BIT, signature_version="s3v4").generate_presigned_url("get_object", named)
    assert requests.get(url, verify=authority, timeout=10).status_code == 403


def test_requests_of_another_time_are_refused(dev: PodsOfAStack, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"Bucket": dev.bucket("spark-events"), "Key": EVENTS}
    s3 = dev.client("s3", SPARK, signature_version="s3v4")
    s3.put_object(**named, Body=b"events")
    fresh = s3.generate_presigned_url("get_object", named, ExpiresIn=600)
    monkeypatch.setattr(auth, "get_current_datetime", lambda: datetime.now(UTC) - timedelta(minutes=20))
    stale = s3.generate_presigned_url("get_object", named, ExpiresIn=600)
    assert error_of(s3.get_object, **named)[0] == "RequestTimeTooSkewed"
    monkeypatch.undo()
    authority = str(dev.directory.pki / "ca.crt")
    assert requests.get(fresh, verify=authority, timeout=10).status_code == 200
    assert requests.get(stale, verify=authority, timeout=10).status_code == 403


def test_a_body_other_than_the_signed_is_refused(dev: PodsOfAStack) -> None:
    url = f"https://{dev.bucket('spark-events')}.s3.us-east-1.amazonaws.com/{EVENTS}"
    given = dev.credentials(SPARK)
    keys = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["Token"])
    request = AWSRequest("PUT", url, data=b"signed", headers={"X-Amz-Content-SHA256": sha256(b"signed").hexdigest()})
    auth.SigV4Auth(keys, "s3", "us-east-1").add_auth(request)
    sent: dict[str, Any] = {
        "headers": dict(request.headers),
        "verify": str(dev.directory.pki / "ca.crt"),
        "timeout": 10,
    }
    assert requests.put(url, data=b"signed", **sent).status_code == 200
    assert "XAmzContentSHA256Mismatch" in requests.put(url, data=b"others", **sent).text
    other = AWSRequest("POST", "https://sns.us-east-1.amazonaws.com/", data=b"Action=ListTopics")
    auth.SigV4Auth(keys, "sqs", "us-east-1").add_auth(other)
    answer = requests.post(
        "https://sns.us-east-1.amazonaws.com/",
        data=b"Action=ListTopics",
        headers=dict(other.headers),
        verify=sent["verify"],
        timeout=10,
    )
    assert "scoped to correct service" in answer.text


def test_every_address_of_a_bucket_leads_to_it(dev: PodsOfAStack) -> None:
    named = {"Bucket": dev.bucket("spark-events"), "Key": f"{TEAM}/eventlog_v2_x/a b+c%2F//é"}
    dev.client("s3", SPARK).put_object(**named, Body=b"events")
    for config in ({"addressing_style": "path"}, {"use_dualstack_endpoint": True}):
        s3 = dev.client("s3", HISTORY, s3=config)
        assert s3.get_object(**named)["Body"].read() == b"events"
        assert (
            s3.list_objects_v2(Bucket=named["Bucket"], Prefix=f"{TEAM}/eventlog_v2_x/")["Contents"][0]["Key"]
            == named["Key"]
        )


def test_alertmanager_publishes_to_the_topics_of_its_role(dev: PodsOfAStack) -> None:
    sns = dev.client("sns", "monitoring:alertmanager")
    topics = [each.arn for each in dev.deployment.of("aws:sns/topic:Topic")]
    for topic in topics:
        assert sns.publish(TopicArn=topic, Subject="test", Message="text")["MessageId"]
    entry = dev.logged()[-1]
    assert entry["actions"] == ["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"]
    assert error_of(dev.client("sns", SPARK).publish, TopicArn=topics[0], Message="text")[0] == "AccessDenied"
    assert error_of(sns.list_topics)[0] == "AccessDenied"


def test_the_other_protocols_are_read_and_refuse_in_their_own_words(dev: PodsOfAStack) -> None:
    assert error_of(dev.client("logs", SPARK).describe_log_groups)[0] == "AccessDeniedException"
    assert error_of(dev.client("kms", SPARK).list_keys)[0] == "AccessDeniedException"
    assert error_of(dev.client("sqs", SPARK).list_queues)[0].startswith("AccessDenied")
    metrics = {"Namespace": "x", "MetricData": [{"MetricName": "y", "Value": 1}]}
    assert error_of(dev.client("cloudwatch", SPARK).put_metric_data, **metrics)[0].startswith("AccessDenied")
    assert dev.logged()[-1]["actions"] == ["cloudwatch:PutMetricData"]
    identity = dev.client("sts", SPARK).get_caller_identity()
    assert ":assumed-role/moka-dev-spark-analytics-spark-pod/eks-moka-dev-spark-1-" in identity["Arn"]
    assert identity["Account"] == dev.deployment.account_id


def test_keys_log_groups_and_metrics_are_there_for_who_may(dev: PodsOfAStack) -> None:
    groups = dev.client("logs").describe_log_groups()["logGroups"]
    assert {each["logGroupName"] for each in groups} == {
        each.inputs["name"] for each in dev.deployment.of("aws:cloudwatch/logGroup:LogGroup")
    }
    key = next(each for each in dev.deployment.of("aws:kms/key:Key") if each.name == "alerts" or "alert" in each.name)
    kms = dev.client("kms")
    secret = kms.encrypt(KeyId=key.arn, Plaintext=b"text")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=secret)["Plaintext"] == b"text"
    assert dev.logged()[-1]["resources"] == [key.arn]
    log_key = next(each for each in dev.deployment.of("aws:kms/key:Key") if each.name == "log-buckets")
    assert error_of(kms.encrypt, KeyId=log_key.arn, Plaintext=b"text")[0] == "AccessDeniedException"
    dev.client("cloudwatch").put_metric_data(Namespace="Moka", MetricData=[{"MetricName": "y", "Value": 1}])
    assert dev.client("cloudwatch").list_metrics(Namespace="Moka")["Metrics"][0]["MetricName"] == "y"
    queues = dev.client("sqs")
    url = queues.create_queue(QueueName="test")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="text")
    assert queues.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "text"


def test_an_unknown_service_is_refused_by_name(dev: PodsOfAStack) -> None:
    code, message = error_of(dev.client("dynamodb", SPARK).list_tables)
    assert "no dynamodb" in message
    assert code


def test_a_role_is_taken_by_pod_identity_alone(dev: PodsOfAStack) -> None:
    (role, *_) = (each.arn for each in dev.deployment.of("aws:iam/role:Role") if "history" in each.arn)
    sts = dev.client("sts", SPARK)
    assert error_of(sts.assume_role, RoleArn=role, RoleSessionName="test")[0] == "AccessDenied"
    code, message = error_of(dev.client("sts").assume_role, RoleArn=role, RoleSessionName="test")
    assert "pods have their roles by pod identity" in message
    assert code


def test_the_log_is_a_table_of_who_asked_what(dev: PodsOfAStack, capsys: pytest.CaptureFixture[str]) -> None:
    dev.client("s3", SPARK).list_objects_v2(Bucket=dev.bucket("spark-events"))
    assert main([str(dev.directory.root)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["CALLER", "ACTION", "DECISION", "LAYER", "REQUESTS"]
    assert ["spark-analytics/spark", "s3:ListBucket", "allowed"] in [line[:3] for line in lines]
    assert main(["/nowhere"]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_the_sdk_finds_its_credentials_as_the_webhook_arranges(
    dev: PodsOfAStack, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(SPARK)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", dev.agent)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
    session = boto3.Session(region_name="us-east-1")
    s3 = session.client("s3", verify=str(dev.directory.pki / "ca.crt"))
    assert s3.list_objects_v2(Bucket=dev.bucket("spark-events"))["Name"] == dev.bucket("spark-events")
