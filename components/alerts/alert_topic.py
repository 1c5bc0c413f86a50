"""The topic that an environment's alarms and alerts go to.

Leaves out who publishes: alarms stand beside what they watch, alert rules and Alertmanager in `monitoring/`.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.alerts.policies import key_policy, topic_policy
from components.alerts.settings import AlertsSettings
from components.encryption import DELETION_WINDOW_DAYS


@dataclass(frozen=True)
class AlertTarget:
    """Where alerts go in AWS, as outputs of what makes it.

    Args:
        topic_arn: the Amazon SNS topic for people.
        key_arn: the key that encrypts it, and the topics of heartbeats.
    """

    topic_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]


class AlertTopic(pulumi.ComponentResource):
    """An encrypted Amazon SNS topic with its own key, and the e-mail addresses that listen to it.

    A subscription by e-mail waits until its owner confirms it; one that nobody confirmed within 48 hours is removed
    by Amazon SNS.

    Args:
        name: logical name.
        settings: who is told.
        account: the environment's account.
        protect: refuse to delete or replace the key, without which messages on their way could not be read.

    Outputs:
        arn: ARN of the topic; it resolves once alarms may be published to it.
        target: topic and key, for whoever publishes.

    Source: Amazon SNS developer guide, "Amazon SNS security best practices".
    """

    arn: pulumi.Output[str]
    target: AlertTarget

    def __init__(
        self,
        name: str,
        settings: AlertsSettings,
        account: Account,
        *,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:AlertTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            name,
            description=f"Alarms and alerts of Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(key_policy(account)),
            opts=pulumi.ResourceOptions(parent=self, protect=protect),
        )
        topic = aws.sns.Topic(name, display_name=f"Moka {account.environment}", kms_master_key_id=key.arn, opts=child)
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: json.dumps(topic_policy(arn, account))),
            opts=child,
        )
        for address in settings.email_addresses:
            aws.sns.TopicSubscription(
                f"{name}-{address.replace('@', '-at-')}",
                topic=topic.arn,
                protocol="email",
                endpoint=address,
                opts=child,
            )
        # Whoever takes the ARN from here waits for the policy too: an alarm before it would be refused.
        self.arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda wires: str(wires[0]))
        self.target = AlertTarget(self.arn, key.arn)
        self.register_outputs({"arn": self.arn, "key_arn": key.arn})
