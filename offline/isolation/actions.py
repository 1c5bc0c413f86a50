"""What somebody would have to do to change what another environment owns, by kind of resource.

Reading is among it where the data are: a perimeter that only holds writers back is none for personal data.

Source: Service Authorization Reference, the pages of each service; write, permissions management and tagging.
"""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["bucket", "object", "key", "repository", "queue", "topic", "role", "secret"]

ACTIONS: Mapping[Kind, tuple[str, ...]] = {
    "bucket": (
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:ListBucket",
        "s3:PutBucketAcl",
        "s3:PutBucketLogging",
        "s3:PutBucketNotification",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
    ),
    "object": (
        "s3:AbortMultipartUpload",
        "s3:BypassGovernanceRetention",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetObject",
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:PutObjectLegalHold",
        "s3:PutObjectRetention",
        "s3:PutObjectTagging",
        "s3:ReplicateDelete",
        "s3:ReplicateObject",
        "s3:RestoreObject",
    ),
    "key": (
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DisableKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
    ),
    "repository": (
        "ecr:BatchDeleteImage",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DeleteRepository",
        "ecr:DeleteRepositoryPolicy",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:ReplicateImage",
        "ecr:SetRepositoryPolicy",
        "ecr:UploadLayerPart",
    ),
    "queue": (
        "sqs:AddPermission",
        "sqs:DeleteMessage",
        "sqs:DeleteQueue",
        "sqs:PurgeQueue",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
        "sqs:SetQueueAttributes",
    ),
    "topic": ("sns:AddPermission", "sns:DeleteTopic", "sns:Publish", "sns:SetTopicAttributes", "sns:Subscribe"),
    "role": ("sts:AssumeRole",),
    "secret": (
        "secretsmanager:DeleteSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:PutSecretValue",
    ),
}
# By which whoever administers an environment mends a policy that shuts somebody out.
REPAIRS: Mapping[Kind, tuple[str, ...]] = {
    "bucket": ("s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"),
    "key": ("kms:PutKeyPolicy",),
    "repository": ("ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy"),
    "queue": ("sqs:SetQueueAttributes",),
    "topic": ("sns:SetTopicAttributes",),
}
