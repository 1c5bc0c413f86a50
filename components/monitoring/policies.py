"""What the collectors and Amazon Managed Grafana may do in AWS: write samples into one workspace, and read them."""

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
