"""Alarms on control-plane logs: which real lines count, and when somebody is told."""

import json
from typing import Any

import pulumi
import pytest

from components.alerts.settings import AlertsSettings
from components.logs.control_plane_alarms import ControlPlaneAlarms
from components.logs.control_plane_patterns import REFUSED_BY_AUTHENTICATOR, UNAUTHORIZED, used_by
from tests.filter_pattern import matches
from tests.recorder import Recorder, record

TOPIC = "arn:aws:sns:us-east-1:222222222222:alerts"
BREAK_GLASS = "arn:aws:iam::222222222222:role/moka-break-glass"
PEOPLE = "arn:aws:iam::222222222222:role/people/on-call"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

# Lines as the authenticator writes them, with the message of an identity that is not mapped, of a bad token and of a
# success.
NOT_MAPPED = (
    'time="2026-11-20T10:00:00Z" level=warning msg="access denied" arn="arn:aws:iam::222222222222:role/unknown" '
    'client="127.0.0.1:34720" error="ARN is not mapped" method=POST path=/authenticate'
)
BAD_TOKEN = (
    'time="2026-11-20T10:00:00Z" level=warning msg="access denied" client="127.0.0.1:43440" '
    'error="sts getCallerIdentity failed: error from AWS (expected 200, got 403)" method=POST path=/authenticate'
)
GRANTED = (
    'time="2026-11-20T10:00:00Z" level=info msg="access granted" arn="arn:aws:iam::222222222222:role/moka-viewer" '
    'client="127.0.0.1:51358" groups="[]" method=POST path=/authenticate uid="aws-iam-authenticator:222222222222:AROA" '
    'username="arn:aws:sts::222222222222:assumed-role/moka-viewer/ada"'
)


def audit_event(role: str | None, code: int, message: str = "") -> str:
    """An audit event as Amazon EKS writes it for an IAM role with an access entry, or without a user."""
    user: dict[str, Any] = {}
    if role:
        session = f"arn:aws:sts::222222222222:assumed-role/{role}/ada"
        user = {
            "username": session,
            "uid": "aws-iam-authenticator:222222222222:AROAEXAMPLE",
            "groups": ["system:authenticated"],
            "extra": {
                "accessKeyId": ["ASIAEXAMPLE"],
                "arn": [session],
                "canonicalArn": [f"arn:aws:iam::222222222222:role/{role}"],
                "principalId": ["AROAEXAMPLE"],
                "sessionName": ["ada"],
            },
        }
    return json.dumps(
        {
            "kind": "Event",
            "apiVersion": "audit.k8s.io/v1",
            "level": "Metadata",
            "stage": "ResponseComplete",
            "requestURI": "/api/v1/namespaces/spark/pods",
            "verb": "list",
            "user": user,
            "sourceIPs": ["198.51.100.7"],
            "responseStatus": {"metadata": {}, "code": code, "message": message},
        }
    )


def build(*roles: str, failures: int = 10) -> Recorder:
    return record(
        lambda: ControlPlaneAlarms(
            "control-plane",
            AlertsSettings(authentication_failures=failures),
            log_group_name=pulumi.Output.from_input("/aws/eks/moka-dev/cluster"),
            topic_arn=pulumi.Output.from_input(TOPIC),
            break_glass_roles=roles,
        )
    )


@pytest.mark.parametrize("line", [NOT_MAPPED, BAD_TOKEN])
def test_the_authenticators_refusals_count(line: str) -> None:
    assert matches(REFUSED_BY_AUTHENTICATOR, line)


@pytest.mark.parametrize(
    "line",
    [
        GRANTED,
        audit_event("moka-viewer", 403, "access denied"),
        # Another component's line that only sounds alike.
        'level=warning msg="access denied" path=/mutate',
        'level=info msg="looked up again after access denied" path=/authenticate',
    ],
)
def test_what_is_granted_or_forbidden_later_is_no_refused_log_in(line: str) -> None:
    assert not matches(REFUSED_BY_AUTHENTICATOR, line)


def test_unaccepted_credentials_count_and_missing_permissions_do_not() -> None:
    assert matches(UNAUTHORIZED, audit_event(None, 401, "Authentication failed, attempted: bearer"))
    assert not matches(UNAUTHORIZED, audit_event("moka-viewer", 403))
    assert not matches(UNAUTHORIZED, audit_event("moka-viewer", 200, "401"))
    assert not matches(UNAUTHORIZED, NOT_MAPPED)


def test_every_use_of_a_break_glass_role_counts_whoever_used_it_and_whatever_came_of_it() -> None:
    pattern = used_by(BREAK_GLASS)
    assert matches(pattern, audit_event("moka-break-glass", 200))
    assert matches(pattern, audit_event("moka-break-glass", 403))
    assert not matches(pattern, audit_event("moka-break-glass-2", 200))
    assert not matches(pattern, audit_event("moka-viewer", 200))
    assert not matches(pattern, audit_event(None, 401))


def test_a_role_with_a_path_is_found_although_sts_drops_the_path() -> None:
    assert matches(used_by(PEOPLE), audit_event("on-call", 200))


def test_each_filter_reads_the_log_group_and_feeds_the_alarm_that_tells_the_topic() -> None:
    recorded = build(BREAK_GLASS, PEOPLE)
    fed: dict[str, set[str]] = {}
    for each in recorded.of(FILTER):
        assert each.inputs["logGroupName"] == "/aws/eks/moka-dev/cluster"
        transformation = each.inputs["metricTransformation"]
        assert (transformation["namespace"], transformation["value"]) == ("Moka/ControlPlane", "1")
        fed.setdefault(transformation["name"], set()).add(each.inputs["pattern"])
    assert fed == {
        "RefusedByAuthenticator": {REFUSED_BY_AUTHENTICATOR},
        "Unauthorized": {UNAUTHORIZED},
        "BreakGlassUsed": {used_by(BREAK_GLASS), used_by(PEOPLE)},
    }
    alarms = {each.inputs["metricName"]: each.inputs for each in recorded.of(ALARM)}
    assert set(alarms) == set(fed)
    for alarm in alarms.values():
        assert alarm["namespace"] == "Moka/ControlPlane"
        assert alarm["alarmActions"] == [TOPIC]
        assert alarm["statistic"] == "Sum"
        assert alarm["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["treatMissingData"] == "notBreaching"


def test_a_few_mistyped_log_ins_wake_nobody_but_one_use_of_break_glass_does() -> None:
    alarms = {each.inputs["metricName"]: each.inputs for each in build(BREAK_GLASS, failures=25).of(ALARM)}
    assert (alarms["RefusedByAuthenticator"]["threshold"], alarms["RefusedByAuthenticator"]["period"]) == (25, 300)
    assert (alarms["Unauthorized"]["threshold"], alarms["Unauthorized"]["period"]) == (25, 300)
    assert (alarms["BreakGlassUsed"]["threshold"], alarms["BreakGlassUsed"]["period"]) == (1, 60)


def test_without_watched_roles_there_is_no_break_glass_alarm() -> None:
    assert {each.inputs["metricName"] for each in build().of(ALARM)} == {"RefusedByAuthenticator", "Unauthorized"}
