"""The record of all traffic of a VPC, accepted and rejected, in an encrypted log group."""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.cloudwatch import RetentionDays
from components.encryption import DELETION_WINDOW_DAYS, log_group_key_policy
from components.identity.policies import Document, document, service_trust, statement


def delivery_policy(log_group_arn: str) -> Document:
    """What the flow log service may do: write into its one log group.

    Args:
        log_group_arn: ARN of the log group, without the trailing `:*` of its streams.

    Source: Amazon VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs". Creating groups is left out.
    """
    return document(
        statement(
            "WriteFlowLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [log_group_arn, f"{log_group_arn}:*"],
        ),
        # The action takes no resource.
        statement("FindLogGroup", ["logs:DescribeLogGroups"], ["*"]),
    )


class FlowLogs(pulumi.ComponentResource):
    """Flow logs of one VPC, encrypted with a key of their own.

    Args:
        name: logical name, such as network.
        account: the environment's account.
        vpc_id: the VPC to record.
        retention_days: how long records are kept.
        protect: refuse to delete or replace the log group and its key.
    """

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        vpc_id: pulumi.Input[str],
        retention_days: RetentionDays,
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:FlowLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kept = pulumi.ResourceOptions(parent=self, protect=protect)
        # The key's policy names the log group, so the group can't have a generated name.
        group_name = f"/moka/{account.environment}/vpc-flow-logs"
        key = aws.kms.Key(
            f"{name}-flow-logs",
            description="VPC flow logs",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=json.dumps(log_group_key_policy(account, group_name)),
            opts=kept,
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs", name=group_name, kms_key_id=key.arn, retention_in_days=retention_days, opts=kept
        )
        role = aws.iam.Role(
            f"{name}-flow-logs",
            description="Lets VPC flow logs write to CloudWatch Logs",
            assume_role_policy=json.dumps(service_trust("vpc-flow-logs", account)),
            opts=child,
        )
        grant = aws.iam.RolePolicy(
            f"{name}-flow-logs",
            role=role.name,
            policy=json.dumps(delivery_policy(account.arn("logs", f"log-group:{group_name}"))),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=log_group.arn,
            iam_role_arn=role.arn,
            tags={"Name": f"{name}-flow-logs"},
            # The service stops delivery for a while after it was refused once.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[grant]),
        )
        self.register_outputs({})
