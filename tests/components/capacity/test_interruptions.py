"""The queue hears of what takes an instance away, of that alone, and keeps it encrypted for minutes."""

import json
from typing import Any

import pytest

from components.account import Account
from components.capacity.interruptions import INTERRUPTIONS, InterruptionQueue
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

QUEUE = "aws:sqs/queue:Queue"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
ACCOUNT = Account("dev", ACCOUNT_ID, REGION)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    answers = Recorder(outputs={QUEUE: lambda _: {"url": "https://sqs/interruptions"}})
    return record(lambda: InterruptionQueue("interruptions", ACCOUNT), answers)


def matches(event: dict[str, Any]) -> list[str]:
    """Names of the rules that send an event on, by the simple patterns that they use."""

    def fits(pattern: Any, value: Any) -> bool:
        if isinstance(pattern, dict):
            return isinstance(value, dict) and all(fits(each, value.get(key)) for key, each in pattern.items())
        return value in pattern

    return [name for name, pattern in INTERRUPTIONS.items() if fits(pattern, event)]


def ec2(kind: str, **detail: str) -> dict[str, Any]:
    return {"source": "aws.ec2", "detail-type": kind, "detail": {"instance-id": "i-1", **detail}}


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        (ec2("EC2 Spot Instance Interruption Warning", **{"instance-action": "terminate"}), ["spot-interruption"]),
        (ec2("EC2 Instance Rebalance Recommendation"), ["rebalance-advice"]),
        (ec2("EC2 Instance State-change Notification", state="stopping"), ["state-change"]),
        (ec2("EC2 Instance State-change Notification", state="terminated"), ["state-change"]),
        (ec2("EC2 Instance State-change Notification", state="running"), []),
        (ec2("EC2 Instance State-change Notification", state="pending"), []),
        (
            {
                "source": "aws.health",
                "detail-type": "AWS Health Event",
                "detail": {"service": "EC2", "eventTypeCategory": "scheduledChange"},
            },
            ["scheduled-change"],
        ),
        (
            {
                "source": "aws.health",
                "detail-type": "AWS Health Event",
                "detail": {"service": "S3", "eventTypeCategory": "scheduledChange"},
            },
            [],
        ),
        ({"source": "aws.s3", "detail-type": "Object Created", "detail": {}}, []),
    ],
)
def test_what_takes_an_instance_away_is_heard_of_and_nothing_else(event: dict[str, Any], rules: list[str]) -> None:
    assert matches(event) == rules


def test_every_rule_sends_to_the_queue_once_it_may(recorder: Recorder) -> None:
    patterns = [json.loads(each.inputs["eventPattern"]) for each in recorder.of(RULE)]
    arn = f"arn:aws:queue:{REGION}:{ACCOUNT_ID}:queue/interruptions"

    assert sorted(map(str, patterns)) == sorted(str(dict(each)) for each in INTERRUPTIONS.values())
    assert [each.inputs["arn"] for each in recorder.of(TARGET)] == [arn] * len(INTERRUPTIONS)
    assert {each.inputs["rule"] for each in recorder.of(TARGET)} == {each.name for each in recorder.of(RULE)}
    assert all(f"{POLICY}::interruptions" in each.depends_on for each in recorder.of(TARGET))


def test_the_queue_is_encrypted_and_forgets_what_is_past(recorder: Recorder) -> None:
    inputs = recorder.only(QUEUE).inputs

    assert inputs["sqsManagedSseEnabled"] is True
    assert inputs["messageRetentionSeconds"] == 300


def test_the_queues_policy_names_every_rule(recorder: Recorder) -> None:
    (events, _) = json.loads(recorder.only(POLICY).inputs["policy"])["Statement"]

    named = events["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert named == sorted(
        f"arn:aws:eventrule:{REGION}:{ACCOUNT_ID}:eventrule/{each.name}" for each in recorder.of(RULE)
    )
