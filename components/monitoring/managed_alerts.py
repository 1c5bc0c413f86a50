"""Rules and alert manager of the managed workspace: the second path by which alerts reach people.

The workspace evaluates the same rule files as Prometheus in the cluster, on the same samples. Its alert manager keeps
still while the cluster's own gets notifications through, which the alert ClusterAlertingWorks tells, and speaks as soon
as that stops: when the cluster, its zone, its network or its credentials fail. So one fault calls people once, and no
single failure silences alerts.
Leaves out recording rules for dashboards.
"""

from collections.abc import Mapping
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.alerts.alert_topic import AlertTarget
from components.monitoring.alert_routing import managed_definition, managed_routing
from components.monitoring.heartbeat import HeartbeatTopic, heartbeat_alarm


class ManagedAlerts(pulumi.ComponentResource):
    """A rule groups namespace for every rule file, an alert manager definition, and a heartbeat of its own.

    Args:
        name: logical name.
        account: the environment's account.
        workspace_id: the workspace.
        rules: file name to the rules in YAML.
        target: the topic for people; its policy lets workspaces of this account publish.

    Source: Amazon Managed Service for Prometheus user guide, "Using rules to modify or monitor metrics as they are
    received" and "Managing and forwarding alerts".
    """

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        workspace_id: pulumi.Input[str],
        rules: Mapping[str, str],
        target: AlertTarget,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ManagedAlerts", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        heartbeat = HeartbeatTopic(f"{name}-heartbeat", account, key_arn=target.key_arn, opts=child)
        heartbeat_alarm(
            f"{name}-heartbeat",
            sender="the managed workspace",
            heartbeat_arn=heartbeat.arn,
            topic_arn=target.topic_arn,
            opts=child,
        )
        definition = pulumi.Output.all(target.topic_arn, heartbeat.arn).apply(
            lambda wires: managed_definition(managed_routing(account, topic_arn=wires[0], heartbeat_arn=wires[1]))
        )
        manager = aws.amp.AlertManagerDefinition(name, workspace_id=workspace_id, definition=definition, opts=child)
        for file, text in rules.items():
            area = Path(file).stem
            aws.amp.RuleGroupNamespace(
                f"{name}-{area}",
                name=area,
                workspace_id=workspace_id,
                data=text,
                # Alerts before there is a manager would be dropped.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[manager]),
            )
        self.register_outputs({})
