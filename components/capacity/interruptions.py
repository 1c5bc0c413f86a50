"""Where AWS tells of instances that it takes back or stops, so that their pods move while the instance still runs.

Leaves out interruptions of capacity reservations, of which there are none.

Source: Karpenter documentation, "Disruption", Interruption; aws/karpenter-provider-aws v1.14.1,
pkg/controllers/interruption/messages.
"""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.capacity.policies import queue_policy

# A notice that is older than this is of an instance that is gone.
KEPT_SECONDS = 300

EventPattern = Mapping[str, Any]
# What happened -> the events that say so, and of them only those that Karpenter reads.
INTERRUPTIONS: dict[str, EventPattern] = {
    "spot-interruption": {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]},
    # Of this Karpenter only writes an event at the node.
    "rebalance-advice": {"source": ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"]},
    "state-change": {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
        "detail": {"state": ["stopping", "stopped", "shutting-down", "terminated"]},
    },
    "scheduled-change": {
        "source": ["aws.health"],
        "detail-type": ["AWS Health Event"],
        "detail": {"service": ["EC2"], "eventTypeCategory": ["scheduledChange"]},
    },
}


class InterruptionQueue(pulumi.ComponentResource):
    """A queue of what happens to instances of the account, and the rules that fill it.

    Args:
        name: logical name, such as interruptions.
        account: the environment's account.

    Outputs:
        name: name of the queue, known once the rules fill it.
        arn: its ARN.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, account: Account, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:InterruptionQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        queue = aws.sqs.Queue(name, message_retention_seconds=KEPT_SECONDS, sqs_managed_sse_enabled=True, opts=child)
        rules = {
            event: aws.cloudwatch.EventRule(
                f"{name}-{event}",
                description=f"For Karpenter: {event} of instances",
                event_pattern=json.dumps(pattern),
                opts=child,
            )
            for event, pattern in INTERRUPTIONS.items()
        }
        policy = aws.sqs.QueuePolicy(
            name,
            queue_url=queue.url,
            policy=pulumi.Output.all(queue.arn, *(rule.arn for rule in rules.values())).apply(
                lambda arns: json.dumps(queue_policy(account, arns[0], arns[1:]))
            ),
            opts=child,
        )
        targets = [
            aws.cloudwatch.EventTarget(
                f"{name}-{event}",
                rule=rule.name,
                arn=queue.arn,
                # What may not be sent yet is lost.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
            for event, rule in rules.items()
        ]
        filled = [each.id for each in targets]
        self.name = pulumi.Output.all(queue.name, *filled).apply(lambda values: str(values[0]))
        self.arn = queue.arn
        self.register_outputs({"name": self.name, "arn": self.arn})
