"""Alarms on events of the account, and a log group that keeps the events which raised them.

Leaves out which events: see `event_patterns.py`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cloudwatch import RetentionDays
from components.detection.event_patterns import EventPattern
from components.detection.policies import event_log_policy
from components.encryption import DELETION_WINDOW_DAYS, log_group_key_policy

# The shortest period of a metric that Amazon EventBridge publishes.
PERIOD_SECONDS = 60
RETENTION_DAYS: RetentionDays = 400


@dataclass(frozen=True)
class EventAlarm:
    """Events of which a single one is told.

    Args:
        name: logical name, such as control-ended.
        pattern: of the events.
        description: what happened, and the runbook.
    """

    name: str
    pattern: EventPattern
    description: str


class EventAlarms(pulumi.ComponentResource):
    """An Amazon EventBridge rule for each kind of event, with an alarm on its matches and a log group for the events.

    An alarm tells once, however many events come in a row, and the log group keeps each of them. A rule that can't
    write there still counts.

    Args:
        name: logical name, such as detections.
        alarms: what is told.
        account: the environment's account.
        topic_arn: ARN of the topic that is told.
        protect: refuse to delete or replace the log group and its key.

    Source: Amazon EventBridge user guide, "Monitoring Amazon EventBridge", TriggeredRules by RuleName.
    """

    def __init__(
        self,
        name: str,
        alarms: Sequence[EventAlarm],
        account: Account,
        *,
        topic_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:EventAlarms", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        group_name = event_log_group(account)
        log_group = self._make_log_group(group_name, account, protect=protect)
        rules = {alarm.name: self._make_rule(alarm) for alarm in alarms}
        policy = aws.cloudwatch.LogResourcePolicy(
            name,
            policy_name=group_name.rpartition("/")[2],
            policy_document=pulumi.Output.all(*(rule.arn for rule in rules.values())).apply(
                lambda arns: json.dumps(event_log_policy(account.arn("logs", f"log-group:{group_name}"), arns, account))
            ),
            opts=self._child,
        )
        for alarm in alarms:
            rule = rules[alarm.name]
            aws.cloudwatch.EventTarget(
                alarm.name,
                rule=rule.name,
                arn=log_group.arn,
                # What may not be written yet is lost.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
            self._raise(alarm, rule, topic_arn)
        self.register_outputs({})

    def _make_log_group(self, group_name: str, account: Account, *, protect: bool) -> aws.cloudwatch.LogGroup:
        kept = pulumi.ResourceOptions(parent=self, protect=protect)
        key = aws.kms.Key(
            self._name,
            description=f"Events that raised alarms in Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(log_group_key_policy(account, group_name)),
            opts=kept,
        )
        return aws.cloudwatch.LogGroup(
            self._name, name=group_name, kms_key_id=key.arn, retention_in_days=RETENTION_DAYS, opts=kept
        )

    def _make_rule(self, alarm: EventAlarm) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            alarm.name,
            description=alarm.description,
            event_pattern=json.dumps(alarm.pattern, separators=(",", ":")),
            # An ordinary rule sees no call that only reads, and taking a role or decrypting is one.
            state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            opts=self._child,
        )

    def _raise(self, alarm: EventAlarm, rule: aws.cloudwatch.EventRule, topic_arn: pulumi.Input[str]) -> None:
        aws.cloudwatch.MetricAlarm(
            alarm.name,
            alarm_description=alarm.description,
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions={"RuleName": rule.name},
            statistic="Sum",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            period=PERIOD_SECONDS,
            evaluation_periods=1,
            # Nothing is published while no event matches, which is the good state.
            treat_missing_data="notBreaching",
            alarm_actions=[topic_arn],
            opts=self._child,
        )


def event_log_group(account: Account) -> str:
    """Physical name of the log group, known beforehand because its key's policy names it.

    Source: Amazon EventBridge user guide, "CloudWatch Logs permissions": names begin with /aws/events/.
    """
    return f"/aws/events/moka-{account.environment}-detections"
