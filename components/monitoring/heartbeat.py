"""The dead man's switch: somebody is told when alerts could no longer reach anybody.

The alert Watchdog fires always and is published to a topic that nobody listens to. CloudWatch counts its messages, and
raises an alarm when none come: because rules are not evaluated, Alertmanager is away, credentials are wrong or the
cluster is gone. Neither the cluster nor the managed workspace has a part in noticing it.
Leaves out a failure of Amazon SNS or CloudWatch itself, which a service outside AWS would notice; see the setting
`alerts.heartbeat_secret`.
"""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.alerts.policies import topic_policy
from components.monitoring.alert_routing import AlertTarget

# Amazon SNS hands its metrics to CloudWatch every five minutes.
PERIOD_SECONDS = 300
PERIODS = 3


class Heartbeat(pulumi.ComponentResource):
    """A topic whose messages are counted, and the alarm for their absence.

    Args:
        name: logical name.
        account: the environment's account.
        sender: who sends the heartbeats, such as Alertmanager in the cluster; for the text of the alarm.
        target: where the alarm goes, and the key for the topic.

    Outputs:
        topic_arn: where heartbeats are published; it resolves once its policy lets them.

    Source: Amazon SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch"; Amazon CloudWatch user guide,
    "Configuring how CloudWatch alarms treat missing data".
    """

    topic_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        sender: str,
        target: AlertTarget,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:Heartbeat", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(name, display_name="Heartbeats", kms_master_key_id=target.key_arn, opts=child)
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: json.dumps(topic_policy(arn, account))),
            opts=child,
        )
        aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=f"No alert could reach anybody: {sender} has sent no heartbeat for "
            f"{PERIOD_SECONDS * PERIODS // 60} minutes. See docs/runbooks/Watchdog.md.",
            namespace="AWS/SNS",
            metric_name="NumberOfMessagesPublished",
            dimensions={"TopicName": topic.name},
            statistic="Sum",
            period=PERIOD_SECONDS,
            evaluation_periods=PERIODS,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[target.topic_arn],
            ok_actions=[target.topic_arn],
            opts=child,
        )
        self.topic_arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda wires: str(wires[0]))
        self.register_outputs({"topic_arn": self.topic_arn})
