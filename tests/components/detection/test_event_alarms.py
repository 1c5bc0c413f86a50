"""Which events of an account ring which alarm, and what is left of each event."""

import json
from typing import Any

import pytest

from components.account import Account
from components.buckets.log_bucket import bucket_name
from components.cluster.settings import AccessSettings
from components.detection.detection import event_alarms
from components.detection.event_alarms import EventAlarms
from components.detection.event_patterns import CHANGES, CHANGES_OF_BUCKETS, ENDS, ENDS_OF_BUCKETS
from components.rules.detection import LONGEST_PATTERN, rules_of_detection
from offline.checks.iam.evaluation import Request, decide
from tests.components.detection.events import (
    ANONYMOUS,
    ROOT,
    SERVICE,
    STRANGER,
    Event,
    by_role,
    called,
    finding,
    matches,
)
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
TOPIC = "arn:aws:sns:us-east-1:222222222222:alerts"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
KEY = "aws:kms/key:Key"

DEPLOY = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-deploy"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT_ID}:role/moka-break-glass"
SOMEBODY = by_role(f"arn:aws:iam::{ACCOUNT_ID}:role/moka-operator")
LOGS = bucket_name("spark-logs", ACCOUNT)
TRAIL = bucket_name("trail", ACCOUNT)
ACCESS = AccessSettings(admin=(BREAK_GLASS,), ci=(DEPLOY,))


def rung(event: Event, access: AccessSettings = ACCESS, *, watch_admin_roles: bool = True) -> list[str]:
    """Names of the alarms that an event rings."""
    alarms = event_alarms(ACCOUNT, access, watch_admin_roles=watch_admin_roles)
    return [alarm.name for alarm in alarms if matches(json.dumps(alarm.pattern), event)]


def calls(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(service, name) for service, names in table.items() for name in names]


@pytest.mark.parametrize(("service", "name"), calls(ENDS))
def test_taking_a_control_away_rings_whoever_does_it(service: str, name: str) -> None:
    for identity in (SOMEBODY, by_role(DEPLOY), ROOT):
        assert rung(called(service, name, identity, anything="x")) == ["control-ended"]


@pytest.mark.parametrize(("service", "name"), calls(CHANGES))
def test_changing_a_control_rings_unless_a_deployment_does_it(service: str, name: str) -> None:
    for identity in (SOMEBODY, by_role(BREAK_GLASS), ROOT):
        assert rung(called(service, name, identity, anything="x")) == ["control-changed"]
    assert rung(called(service, name, by_role(DEPLOY), anything="x")) == []


@pytest.mark.parametrize("bucket", [LOGS, TRAIL, bucket_name("access-logs", ACCOUNT)])
def test_controls_of_every_log_bucket_and_of_the_trails_count(bucket: str) -> None:
    for name in ENDS_OF_BUCKETS:
        assert rung(called("s3", name, by_role(DEPLOY), bucketName=bucket)) == ["control-ended"]
    for name in CHANGES_OF_BUCKETS:
        assert rung(called("s3", name, SOMEBODY, bucketName=bucket)) == ["control-changed"]
        assert rung(called("s3", name, by_role(DEPLOY), bucketName=bucket)) == []


@pytest.mark.parametrize("name", ENDS_OF_BUCKETS + CHANGES_OF_BUCKETS)
def test_other_buckets_are_their_owners_to_change(name: str) -> None:
    assert rung(called("s3", name, SOMEBODY, bucketName="amzn-s3-demo-bucket-dev-analytics")) == []


def test_an_attempt_that_was_refused_rings_too() -> None:
    assert rung(called("cloudtrail", "StopLogging", SOMEBODY, "AccessDenied", name="moka-dev")) == ["control-ended"]


@pytest.mark.parametrize(
    "event",
    [
        called("cloudtrail", "LookupEvents", SOMEBODY),
        called("guardduty", "GetFindings", SOMEBODY),
        called("kms", "Decrypt", SOMEBODY, keyId="x"),
        called("kms", "CreateKey", by_role(DEPLOY)),
        called("ec2", "CreateVpcEndpoint", by_role(DEPLOY)),
        called("eks", "DescribeCluster", SOMEBODY, name="moka-dev"),
        called("s3", "GetBucketPolicy", SOMEBODY, bucketName=LOGS),
        # A name like one that counts, of a service that is not watched.
        called("elasticloadbalancing", "DeleteRule", SOMEBODY),
        called("sts", "AssumeRole", SOMEBODY, roleArn=f"arn:aws:iam::{ACCOUNT_ID}:role/moka-viewer"),
        finding(4.0),
        finding(6.9),
    ],
    ids=lambda event: event["detail"].get("eventName", event["detail"].get("severity")),
)
def test_everyday_events_ring_nothing(event: Event) -> None:
    assert rung(event) == []


def test_people_who_work_as_administrators_deploy() -> None:
    event = called("eks", "UpdateClusterConfig", by_role(BREAK_GLASS), name="moka-dev")
    assert rung(event, watch_admin_roles=False) == []
    assert rung(event) == ["control-changed"]


def test_without_deployers_everybody_rings() -> None:
    event = called("kms", "PutKeyPolicy", by_role(DEPLOY), keyId="x")
    nobody = AccessSettings(admin=(BREAK_GLASS,))
    assert rung(event, nobody) == ["control-changed"]
    # Amazon EventBridge takes no list without a value.
    assert "[]" not in json.dumps([each.pattern for each in event_alarms(ACCOUNT, nobody, watch_admin_roles=True)])


@pytest.mark.parametrize("error", ["AccessDenied", "AccessDeniedException"])
@pytest.mark.parametrize(("service", "name"), [("s3", "GetObject"), ("kms", "Decrypt"), ("ecr", "BatchGetImage")])
def test_another_account_that_is_refused_rings(service: str, name: str, error: str) -> None:
    for identity in (STRANGER, ANONYMOUS):
        assert rung(called(service, name, identity, error)) == ["denied-to-other-account"]
    assert rung(called(service, name, SOMEBODY, error)) == [], "this account's own principal"
    assert rung(called(service, name, SERVICE, error)) == [], "an AWS service"
    assert rung(called(service, name, STRANGER)) == [], "what was let in"
    assert rung(called(service, name, STRANGER, "NoSuchKey")) == [], "what was refused for another reason"


@pytest.mark.parametrize("name", ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"])
def test_taking_a_break_glass_role_rings_where_it_is_for_emergencies(name: str) -> None:
    event = called("sts", name, SOMEBODY, roleArn=BREAK_GLASS, roleSessionName="ada")
    assert rung(event) == ["break-glass-assumed"]
    assert rung(event, watch_admin_roles=False) == []


@pytest.mark.parametrize("severity", [7, 8.9, 10])
def test_a_threat_of_high_severity_rings(severity: float) -> None:
    assert rung(finding(severity)) == ["threat-found"]


def test_more_deployers_than_a_pattern_holds_are_refused_with_the_quota() -> None:
    path = f"arn:aws:iam::{ACCOUNT_ID}:role/company/platform/continuous-delivery"
    many = AccessSettings(ci=tuple(f"{path}/deploy-{index:02}" for index in range(20)))
    (violation,) = rules_of_detection(many, ACCOUNT, watch_admin_roles=True)
    assert violation.field == "cluster.access.ci"
    assert str(LONGEST_PATTERN) in violation.rule
    few = AccessSettings(ci=many.ci[:5])
    assert list(rules_of_detection(few, ACCOUNT, watch_admin_roles=True)) == []


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    alarms = event_alarms(ACCOUNT, ACCESS, watch_admin_roles=True)
    return record(lambda: EventAlarms("detections", alarms, ACCOUNT, topic_arn=TOPIC, protect=True))


def test_each_rule_sees_reading_calls_and_feeds_an_alarm_that_tells_the_topic(recorder: Recorder) -> None:
    rules = {each.name: each.inputs for each in recorder.of(RULE)}
    alarms = {each.name: each.inputs for each in recorder.of(ALARM)}
    assert rules.keys() == alarms.keys()
    for name, alarm in alarms.items():
        assert rules[name]["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
        assert alarm["dimensions"] == {"RuleName": name}
        assert (alarm["namespace"], alarm["metricName"], alarm["statistic"]) == ("AWS/Events", "TriggeredRules", "Sum")
        assert (alarm["threshold"], alarm["comparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
        assert alarm["treatMissingData"] == "notBreaching"
        assert alarm["alarmActions"] == [TOPIC]


def test_events_are_kept_in_an_encrypted_group_once_they_may_be_written(recorder: Recorder) -> None:
    group = recorder.only(GROUP)
    assert group.protect
    assert recorder.only(KEY).protect
    assert group.inputs["kmsKeyId"] == f"arn:aws:key:{REGION}:{ACCOUNT_ID}:key/detections"
    targets = recorder.of(TARGET)
    assert {each.inputs["rule"] for each in targets} == {each.name for each in recorder.of(RULE)}
    assert all(f"{POLICY}::detections" in each.depends_on for each in targets)


def event_bridge(action: str, stream: str, **context: Any) -> Request:
    arn = ACCOUNT.arn("logs", f"log-group:/aws/events/moka-dev-detections:{stream}")
    return Request("events.amazonaws.com", action, arn, context)


def test_only_these_rules_write_into_the_group(recorder: Recorder) -> None:
    policy = json.loads(recorder.only(POLICY).inputs["policyDocument"])
    arns = [f"arn:aws:eventrule:{REGION}:{ACCOUNT_ID}:eventrule/{each.name}" for each in recorder.of(RULE)]
    for arn in arns:
        put = event_bridge("logs:PutLogEvents", "log-stream:a", **{"aws:SourceArn": arn})
        assert decide(put, resource=policy, owner=ACCOUNT_ID) == "allowed"
    stranger = event_bridge("logs:PutLogEvents", "log-stream:a", **{"aws:SourceArn": f"{arns[0]}-other"})
    assert decide(stranger, resource=policy, owner=ACCOUNT_ID) == "not allowed"
    assert decide(event_bridge("logs:CreateLogStream", "log-stream:a"), resource=policy, owner=ACCOUNT_ID) == "allowed"
    other = Request("events.amazonaws.com", "logs:CreateLogStream", ACCOUNT.arn("logs", "log-group:/other:*"))
    assert decide(other, resource=policy, owner=ACCOUNT_ID) == "not allowed"
