"""The Amazon Managed Service for Prometheus workspace: metrics for 150 days, outside the cluster.

Leaves out rule groups and an alert manager in the workspace: rules run in the cluster's own Prometheus.
"""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.encryption import DELETION_WINDOW_DAYS, log_group_key_policy

LOG_RETENTION_DAYS = 90


class MetricsWorkspace(pulumi.ComponentResource):
    """A workspace with a key of its own, whose complaints about rules and samples go to CloudWatch Logs.

    Args:
        name: logical name.
        account: the environment's account.
        protect: refuse to delete the workspace and its key.

    Outputs:
        workspace_id: id, such as ws-12345678-90ab-cdef-1234-567890abcdef.
        arn: ARN, for policies.
        endpoint: base URL for queries, with a slash at its end.
        remote_write_url: URL that samples are written to.

    Source: Amazon Managed Service for Prometheus user guide, "Encryption at rest", "CloudWatch Logs".
    """

    workspace_id: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    remote_write_url: pulumi.Output[str]

    def __init__(
        self, name: str, account: Account, *, protect: bool, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("moka:index:MetricsWorkspace", name, None, opts)
        kept = pulumi.ResourceOptions(parent=self, protect=protect)
        log_group_name = f"/aws/vendedlogs/prometheus/{account.cluster_name}"
        key = aws.kms.Key(
            name,
            description=f"Metrics of Moka {account.environment}",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(log_group_key_policy(account, log_group_name)),
            opts=kept,
        )
        log_group = aws.cloudwatch.LogGroup(
            name,
            name=log_group_name,
            retention_in_days=LOG_RETENTION_DAYS,
            kms_key_id=key.arn,
            opts=kept,
        )
        workspace = aws.amp.Workspace(
            name,
            alias=account.cluster_name,
            kms_key_arn=key.arn,
            logging_configuration=aws.amp.WorkspaceLoggingConfigurationArgs(
                # The service wants the streams of the group, not the group.
                log_group_arn=log_group.arn.apply(lambda arn: f"{arn.removesuffix(':*')}:*"),
            ),
            opts=kept,
        )
        self.workspace_id = workspace.id
        self.arn = workspace.arn
        self.endpoint = workspace.prometheus_endpoint
        self.remote_write_url = workspace.prometheus_endpoint.apply(lambda url: f"{url}api/v1/remote_write")
        self.register_outputs(
            {
                "workspace_id": self.workspace_id,
                "arn": self.arn,
                "endpoint": self.endpoint,
                "remote_write_url": self.remote_write_url,
            }
        )
