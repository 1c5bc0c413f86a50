"""Policies of the log buckets and of the key that encrypts them, as plain documents.

Leaves out what writers and readers are granted: that stands beside each of them.
"""

from collections.abc import Sequence

from components.account import Account
from components.identity.policies import Document, document, statement

EVERYBODY = "*"


def log_bucket_policy(
    bucket_arn: str,
    key_arn: str | None,
    account: Account,
    *,
    writer_arns: Sequence[str] = (),
    unfinished: Sequence[str] = (),
    marks: Sequence[str] = (),
    emptied_by: Sequence[str] = (),
) -> Document:
    """What nobody may do with a log bucket, whatever an identity policy grants.

    It speaks of objects only where writers and deleters are concerned: whoever administers the account can always
    change the policy itself. Amazon S3's lifecycle is not bound by it. It stands until its bucket is gone, so a
    destroy that empties the bucket is bound by it too.

    Args:
        bucket_arn: ARN of the bucket.
        key_arn: the only key that objects may name; None where the bucket encrypts with Amazon S3's own key.
        account: the environment's account; others are denied unless an AWS service acts.
        writer_arns: ARNs of the only roles that put objects; empty where AWS services alone do.
        unfinished: key patterns of the objects that these roles may delete again.
        marks: key patterns of the objects that others may put, too.
        emptied_by: ARNs of the only roles that may delete whatever it holds, locked or not; empty where nobody may.

    Source: Amazon S3 user guide, "Bucket policies", "Security best practices", "Object Lock" and "Lifecycle and
    other bucket configurations", which says that a policy can't hold back the lifecycle.
    """
    statements = [
        *deny_outsiders(bucket_arn, account),
        statement(
            "DenyLiftingTheLock",
            ["s3:BypassGovernanceRetention"],
            [f"{bucket_arn}/*"],
            effect="Deny",
            principal=EVERYBODY,
            condition=_unless(emptied_by),
        ),
        *_deny_other_writers(bucket_arn, writer_arns, marks),
        *_deny_deletion(bucket_arn, writer_arns, unfinished, emptied_by),
    ]
    if key_arn is not None:
        statements.append(deny_other_keys(bucket_arn, key_arn))
    return document(*statements)


def deny_outsiders(bucket_arn: str, account: Account) -> list[Document]:
    """The denials of every bucket: of plain HTTP, and of other accounts unless an AWS service acts.

    Args:
        bucket_arn: ARN of the bucket.
        account: the environment's account.
    """
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return [
        statement(
            "DenyWithoutTls",
            ["s3:*"],
            everything,
            effect="Deny",
            principal=EVERYBODY,
            condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
        statement(
            "DenyOtherAccounts",
            ["s3:*"],
            everything,
            effect="Deny",
            principal=EVERYBODY,
            condition={
                "StringNotEquals": {"aws:PrincipalAccount": account.id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    ]


def _unless(role_arns: Sequence[str]) -> Document | None:
    """The condition that exempts some roles from a denial; none at all where there are none."""
    return {"ArnNotEquals": {"aws:PrincipalArn": list(role_arns)}} if role_arns else None


def _deny_other_writers(bucket_arn: str, writer_arns: Sequence[str], marks: Sequence[str]) -> list[Document]:
    # An AWS service has no aws:PrincipalArn, which a negated operator takes for a difference.
    others = _unless(writer_arns) or {}
    denied = statement(
        "DenyOtherWriters",
        ["s3:PutObject"],
        [] if marks else [f"{bucket_arn}/*"],
        effect="Deny",
        principal=EVERYBODY,
        condition={**others, "Bool": {"aws:PrincipalIsAWSService": "false"}},
    )
    return [{**denied, "NotResource": [f"{bucket_arn}/{pattern}" for pattern in marks]} if marks else denied]


def _deny_deletion(
    bucket_arn: str, writer_arns: Sequence[str], unfinished: Sequence[str], emptied_by: Sequence[str]
) -> list[Document]:
    objects, unless = [f"{bucket_arn}/*"], _unless(emptied_by)
    if not unfinished:
        actions = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        return [statement("DenyDeletion", actions, objects, effect="Deny", principal=EVERYBODY, condition=unless)]
    versions, deletion = ["s3:DeleteObjectVersion"], ["s3:DeleteObject"]
    finished = statement(
        "DenyDeletionOfFinishedLogs", deletion, [], effect="Deny", principal=EVERYBODY, condition=unless
    )
    return [
        statement("DenyDeletion", versions, objects, effect="Deny", principal=EVERYBODY, condition=unless),
        {**finished, "NotResource": [f"{bucket_arn}/{pattern}" for pattern in unfinished]},
        statement(
            "DenyDeletionByOthers",
            deletion,
            objects,
            effect="Deny",
            principal=EVERYBODY,
            condition=_unless([*writer_arns, *emptied_by]),
        ),
    ]


def deny_other_keys(bucket_arn: str, key_arn: str) -> Document:
    """The denial of objects that name another key than the bucket's.

    Args:
        bucket_arn: ARN of the bucket.
        key_arn: ARN of its key.
    """
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    return statement(
        "DenyOtherKeys",
        ["s3:PutObject"],
        [f"{bucket_arn}/*"],
        effect="Deny",
        principal=EVERYBODY,
        # Without the header Amazon S3 takes the bucket's default key, which is the right one.
        condition={"Null": {header: "false"}, "StringNotEquals": {header: key_arn}},
    )


def access_log_bucket_policy(
    bucket_arn: str, source_arns: Sequence[str], account: Account, *, emptied_by: Sequence[str] = ()
) -> Document:
    """A log bucket's policy that also lets Amazon S3 deliver the access logs of the buckets named.

    Args:
        bucket_arn: ARN of the bucket that receives.
        source_arns: ARNs of the buckets whose access is logged.
        account: the environment's account.
        emptied_by: as of `log_bucket_policy`.

    Source: Amazon S3 user guide, "Permissions for log delivery".
    """
    base = log_bucket_policy(bucket_arn, None, account, emptied_by=emptied_by)
    delivery = statement(
        "AccessLogDelivery",
        ["s3:PutObject"],
        [f"{bucket_arn}/*"],
        principal={"Service": account.service_principal("logging.s3")},
        condition={"StringEquals": {"aws:SourceAccount": account.id}, "ArnLike": {"aws:SourceArn": list(source_arns)}},
    )
    return document(*base["Statement"], delivery)


def key_policy(account: Account) -> Document:
    """Policy of the log buckets' key: the account's IAM policies decide, through Amazon S3 only.

    Administration stays possible for the account's own principals, without which a key could never be changed; it
    holds no use and no grant of use. Use is what Amazon S3 needs for an object that is put or read.

    Source: AWS KMS developer guide, "Default key policy" and `kms:ViaService`; Amazon S3 user guide, "Using server-side
    encryption with AWS KMS keys (SSE-KMS)", permissions.
    """
    owner = {"AWS": f"arn:{account.partition}:iam::{account.id}:root"}
    return document(
        statement(
            "AdministrationByThisAccount",
            [
                "kms:CreateAlias",
                "kms:Describe*",
                "kms:Enable*",
                "kms:List*",
                "kms:Put*",
                "kms:Update*",
                "kms:Revoke*",
                "kms:Disable*",
                "kms:Get*",
                "kms:Delete*",
                "kms:TagResource",
                "kms:UntagResource",
                "kms:ScheduleKeyDeletion",
                "kms:CancelKeyDeletion",
                "kms:RotateKeyOnDemand",
            ],
            ["*"],
            principal=owner,
        ),
        statement(
            "UseThroughAmazonS3",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            ["*"],
            principal=owner,
            condition={
                "StringEquals": {
                    "kms:CallerAccount": account.id,
                    "kms:ViaService": account.service_in_region("s3"),
                }
            },
        ),
    )
