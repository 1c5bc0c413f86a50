"""What the collectors may do in AWS: write samples into one workspace."""

from components.identity.policies import Document, document, statement


def remote_write(workspace_arn: str) -> Document:
    """Permission to write into an Amazon Managed Service for Prometheus workspace, and not to read from it.

    Args:
        workspace_arn: ARN of the workspace.

    Source: Amazon Managed Service for Prometheus user guide, "IAM permissions and policies".
    """
    return document(statement("WriteSamples", ["aps:RemoteWrite"], [workspace_arn]))
