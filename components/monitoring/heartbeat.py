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

# Amazon SNS hands its metrics to CloudWatch every five minutes.
PERIOD_SECONDS = 300
PERIODS = 3


class HeartbeatTopic(pulumi.ComponentResource):
    """The topic whose messages are counted.

    Args:
        name: logical name.
        account: the environment's account.
        key_arn: ARN of the key that encrypts it.

    Outputs:
        arn: where heartbeats are published; it resolves once its policy lets them.
    """

    arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        key_arn: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:HeartbeatTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(name, display_name="Heartbeats", kms_master_key_id=key_arn, opts=child)
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: json.dumps(topic_policy(arn, account))),
            opts=child,
        )
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda wires: str(wires[0]))
        self.register_outputs({"arn": self.arn})


def heartbeat_alarm(
    name: str,
    *,
    sender: str,
    heartbeat_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """The alarm for the absence of heartbeats, made with the sender: before there is one it would only disturb.

    Args:
        name: logical name.
        sender: who sends the heartbeats, such as Alertmanager in the cluster; for the text of the alarm.
        heartbeat_arn: the topic whose messages are counted.
        topic_arn: where the alarm goes.
        opts: options of the resource.

    Source: Amazon SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch"; Amazon CloudWatch user guide,
    "Configuring how CloudWatch alarms treat missing data".
    """
    return aws.cloudwatch.MetricAlarm(
        name,
        alarm_description=f"No alert could reach anybody: {sender} has sent no heartbeat for "
        f"{PERIOD_SECONDS * PERIODS // 60} minutes. See docs/runbooks/Watchdog.md.",
        namespace="AWS/SNS",
        metric_name="NumberOfMessagesPublished",
        dimensions={"TopicName": pulumi.Output.from_input(heartbeat_arn).apply(lambda arn: arn.rsplit(":", 1)[1])},
        statistic="Sum",
        period=PERIOD_SECONDS,
        evaluation_periods=PERIODS,
        comparison_operator="LessThanThreshold",
        threshold=1,
        treat_missing_data="breaching",
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn],
        opts=opts,
    )
