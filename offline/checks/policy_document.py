"""Policy documents as resources hold them: where each type has its own, JSON text or an object, one or a list."""

import json
from typing import Any

# Type token -> the property that holds a document, and the kind of policy it is.
DOCUMENTS: dict[str, tuple[str, str]] = {
    "aws:iam/rolePolicy:RolePolicy": ("policy", "identity"),
    "aws:iam/policy:Policy": ("policy", "identity"),
    "aws:iam/role:Role": ("assumeRolePolicy", "trust"),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", "bucket"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("policy", "vpce"),
    "aws:kms/key:Key": ("policy", "key"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("policy", "repository"),
    "aws:sqs/queuePolicy:QueuePolicy": ("policy", "queue"),
    "aws:sns/topicPolicy:TopicPolicy": ("policy", "topic"),
}


def document_of(value: Any) -> dict[str, Any]:
    """The document as an object; empty where it is none, which the IAM judge reports."""
    try:
        document = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def statement_label(statement: Any, index: int) -> str:
    """How a finding names a statement: by its Sid, or by its place in the document."""
    sid = statement.get("Sid") if isinstance(statement, dict) else None
    return f"statement {sid}" if sid else f"Statement[{index}]"


def as_list(value: Any) -> list[Any]:
    """What may stand alone or in a list, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
