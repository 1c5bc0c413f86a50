"""The topic that alarms and alerts go to: who publishes, who listens, what encrypts it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from components.account import Account
from components.alerts.alert_topic import AlertTopic
from components.alerts.policies import publish_alerts
from components.alerts.settings import AlertsSettings
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY = "aws:kms/key:Key"
TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"


def build(*addresses: str) -> Recorder:
    return record(lambda: AlertTopic("alerts", AlertsSettings(email_addresses=addresses), ACCOUNT, protect=True))


def by_sid(policy: str) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def test_the_topic_is_encrypted_by_a_rotated_key_of_its_own() -> None:
    recorded = build()
    key = recorded.only(KEY)
    assert key.inputs["enableKeyRotation"] is True
    assert key.protect
    assert recorded.only(TOPIC).inputs["kmsMasterKeyId"] == f"arn:aws:key:{REGION}:{ACCOUNT_ID}:key/alerts"


def test_alarms_and_prometheus_workspaces_of_this_account_publish_and_nobody_else() -> None:
    recorded = build()
    policy = by_sid(recorded.only(POLICY).inputs["policy"])
    allowed = {sid: each for sid, each in policy.items() if each["Effect"] == "Allow"}
    assert {each["Principal"]["Service"] for each in allowed.values()} == {
        "cloudwatch.amazonaws.com",
        "aps.amazonaws.com",
    }
    for each in allowed.values():
        assert each["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT_ID}
        assert each["Resource"] == [f"arn:aws:topic:{REGION}:{ACCOUNT_ID}:topic/alerts"]
    sources = {sid: each["Condition"]["ArnLike"]["aws:SourceArn"] for sid, each in allowed.items()}
    assert sources == {
        "AlarmsOfThisAccount": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:*",
        "PrometheusWorkspacesOfThisAccount": f"arn:aws:aps:{REGION}:{ACCOUNT_ID}:workspace/*",
    }
    assert policy["DenyWithoutTls"]["Effect"] == "Deny"
    assert policy["DenyWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_key_serves_the_two_services_for_this_account_only() -> None:
    services = {
        each["Principal"]["Service"]: each
        for each in by_sid(build().only(KEY).inputs["policy"]).values()
        if "Service" in each["Principal"]
    }
    assert set(services) == {"cloudwatch.amazonaws.com", "aps.amazonaws.com"}
    for each in services.values():
        assert set(each["Action"]) == {"kms:GenerateDataKey", "kms:Decrypt"}
        assert each["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}


def test_a_workload_that_publishes_may_do_nothing_else() -> None:
    publish, encrypt = publish_alerts("topic-arn", "key-arn", ACCOUNT)["Statement"]
    assert (publish["Action"], publish["Resource"]) == (["sns:Publish"], ["topic-arn"])
    assert (set(encrypt["Action"]), encrypt["Resource"]) == ({"kms:GenerateDataKey", "kms:Decrypt"}, ["key-arn"])
    assert encrypt["Condition"] == {"StringEquals": {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}}


def test_every_address_listens_under_a_name_that_others_do_not_change() -> None:
    recorded = build("on-call@example.com", "platform@example.com")
    assert {each.name: each.inputs["endpoint"] for each in recorded.of(SUBSCRIPTION)} == {
        "alerts-on-call-at-example.com": "on-call@example.com",
        "alerts-platform-at-example.com": "platform@example.com",
    }
    assert {each.inputs["protocol"] for each in recorded.of(SUBSCRIPTION)} == {"email"}
    assert build().of(SUBSCRIPTION) == []


@pytest.mark.parametrize(
    ("addresses", "complaint"),
    [
        (("on-call",), "String should match pattern"),
        (("On-Call@example.com",), "String should match pattern"),
        (("a@example.com", "a@example.com"), "broken rules"),
    ],
)
def test_wrong_and_repeated_addresses_are_refused(addresses: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        AlertsSettings(email_addresses=addresses)
