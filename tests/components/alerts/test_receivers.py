"""What settings say about receivers of alerts, and what they refuse."""

import pytest
from pydantic import ValidationError

from components.alerts.receiver import AlertReceiver
from components.alerts.settings import AlertsSettings
from components.settings_error import violations_of


def errors(document: str) -> list[tuple[str, str]]:
    """Field and rule of every broken rule."""
    with pytest.raises(ValidationError) as caught:
        AlertsSettings.model_validate_json(document)
    return [(each.field, each.rule) for each in violations_of(caught.value, AlertsSettings)]


def test_a_receiver_gets_critical_alerts_of_every_team_unless_it_says_otherwise() -> None:
    receiver = AlertReceiver(kind="webhook", secret="chat")
    assert receiver.severities == ("critical",)
    assert receiver.teams == ("platform", "spark")


@pytest.mark.parametrize(("kind", "key"), [("webhook", "url"), ("pagerduty", "routing-key")])
def test_each_kind_reads_its_own_key_of_the_secret(kind: str, key: str) -> None:
    assert AlertReceiver.model_validate({"kind": kind, "secret": "x"}).secret_key == key


def test_a_receiver_cannot_take_the_place_of_one_that_is_always_there() -> None:
    ((field, rule),) = errors('{"receivers": {"topic": {"kind": "webhook", "secret": "x"}}}')
    assert field == "receivers.topic"
    assert "heartbeat, nobody, topic" in rule


@pytest.mark.parametrize("field", ["severities", "teams"])
def test_a_repeated_value_is_refused(field: str) -> None:
    value = {"severities": "critical", "teams": "spark"}[field]
    document = f'{{"receivers": {{"chat": {{"kind": "webhook", "secret": "x", "{field}": ["{value}", "{value}"]}}}}}}'
    assert errors(document) == [(f"receivers.chat.{field}", "must not repeat a value")]


@pytest.mark.parametrize(
    "receiver",
    [
        '{"kind": "webhook", "secret": "x", "url": "https://example.com"}',
        '{"kind": "email", "secret": "x"}',
        '{"kind": "webhook", "secret": "Not A Name"}',
        '{"kind": "webhook", "secret": "x", "severities": []}',
        '{"kind": "webhook", "secret": "x", "teams": ["finance"]}',
        '{"kind": "webhook"}',
    ],
)
def test_an_address_in_settings_or_a_value_that_does_not_exist_is_refused(receiver: str) -> None:
    with pytest.raises(ValidationError):
        AlertsSettings.model_validate_json(f'{{"receivers": {{"chat": {receiver}}}}}')


@pytest.mark.parametrize("name", ["Chat", "chat_room", "-chat", "chat-", ""])
def test_a_receivers_name_is_one_that_a_volume_can_have(name: str) -> None:
    with pytest.raises(ValidationError):
        AlertsSettings.model_validate_json(f'{{"receivers": {{"{name}": {{"kind": "webhook", "secret": "x"}}}}}}')
