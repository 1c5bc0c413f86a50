"""What the metrics stack may do in AWS: write samples into one workspace, read them, and publish alerts."""

from components.account import Account
from components.alerts.policies import publish_alerts
from components.identity.policies import Document, document, statement


def remote_write(workspace_arn: str) -> Document:
    """Permission to write into an Amazon Managed Service for Prometheus workspace, and not to read from it.

    Args:
        workspace_arn: ARN of the workspace.

    Source: Amazon Managed Service for Prometheus user guide, "IAM permissions and policies".
    """
    return document(statement("WriteSamples", ["aps:RemoteWrite"], [workspace_arn]))


def query(workspace_arn: str) -> Document:
    """Permission to query an Amazon Managed Service for Prometheus workspace, and not to write into it.

    Args:
        workspace_arn: ARN of the workspace.

    Source: Amazon Managed Grafana user guide, "Amazon Managed Grafana permissions and policies for AWS data sources".
    """
    actions = ("DescribeWorkspace", "QueryMetrics", "GetLabels", "GetSeries", "GetMetricMetadata")
    return document(statement("QueryMetrics", [f"aps:{action}" for action in actions], [workspace_arn]))


def publication(topic_arn: str, key_arn: str, heartbeat_arn: str, account: Account) -> Document:
    """What Alertmanager's pods may do: publish to these two topics, and use their key through Amazon SNS.

    Args:
        topic_arn: ARN of the topic for people.
        key_arn: ARN of the key of both topics.
        heartbeat_arn: ARN of the topic whose messages are counted.
        account: the environment's account.
    """
    policy = publish_alerts(topic_arn, key_arn, account)
    return policy | {
        "Statement": [*policy["Statement"], statement("PublishHeartbeats", ["sns:Publish"], [heartbeat_arn])]
    }
