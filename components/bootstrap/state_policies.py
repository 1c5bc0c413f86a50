"""Who may do what with the state and with the key of its secrets, as plain documents.

Source: pulumi/pulumi v3.259.0, pkg/backend/diy: what the backend reads and writes, and when it takes its lock; Pulumi
documentation, "Using a DIY backend", AWS S3, required permissions; gocloud.dev/secrets/awskms, which calls Encrypt for
a stack that is new and Decrypt for all others.
"""

from collections.abc import Sequence

from components.account import Account
from components.bootstrap.names import DEPLOY_ROLE, PREVIEW_ROLE, own_prefix, role_arn, state_bucket_name
from components.buckets.policies import EVERYBODY, deny_other_keys, deny_outsiders
from components.encryption import administered_by_account
from components.identity.policies import Document, document, statement

# Below which the backend keeps everything: stacks, history, backups and locks.
STATE = ".pulumi/*"
_CHANGES_OF_BUCKET = [
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketLogging",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
]
_CHANGES_OF_KEY = [
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:UpdateAlias",
]
# An object is lost for good by its versions; the lifecycle, which is not bound by the policy, takes old ones alone.
_LOSSES = ["s3:DeleteObjectVersion"]


def state_bucket_policy(account: Account, key_arn: str) -> Document:
    """What nobody may do with the state, whatever an identity policy grants.

    Args:
        account: the environment's account.
        key_arn: the only key that objects may name.

    Source: Amazon S3 user guide, "Bucket policies" and "Security best practices".
    """
    arn = account.bucket_arn(state_bucket_name(account))
    pipelines = [role_arn(each, account) for each in (DEPLOY_ROLE, PREVIEW_ROLE)]
    return document(
        *deny_outsiders(arn, account),
        deny_other_keys(arn, key_arn),
        statement("DenyLosingVersions", _LOSSES, [f"{arn}/*"], effect="Deny", principal=EVERYBODY),
        _deny("DenyWorkloads", ["s3:*"], [arn, f"{arn}/*"], [_workloads(account)]),
        _deny("DenyPipelinesTheBucketItself", _CHANGES_OF_BUCKET, [arn], pipelines),
        _deny("DenyPreviewsToWrite", ["s3:DeleteObject", "s3:PutObject"], [f"{arn}/*"], pipelines[1:]),
    )


def state_key_policy(account: Account) -> Document:
    """The account's own policies decide, and neither workloads nor pipelines ever change the key.

    Args:
        account: the environment's account.

    Source: AWS KMS developer guide, "Default key policy".
    """
    pipelines = [role_arn(each, account) for each in (DEPLOY_ROLE, PREVIEW_ROLE)]
    return document(
        administered_by_account(account),
        _deny("DenyWorkloads", ["kms:*"], ["*"], [_workloads(account)]),
        _deny("DenyPipelinesTheKeyItself", _CHANGES_OF_KEY, ["*"], pipelines),
    )


def read_state(account: Account, key_arn: str) -> Document:
    """What `pulumi preview` needs of the state, which it neither locks nor writes.

    Args:
        account: the environment's account.
        key_arn: ARN of the key of the bucket and of secrets.
    """
    return document(*_read(account, key_arn))


def write_state(account: Account, key_arn: str) -> Document:
    """What `pulumi up`, `refresh` and `destroy` need of the state: locks, checkpoints, history and backups.

    Args:
        account: the environment's account.
        key_arn: ARN of the key of the bucket and of secrets.
    """
    arn = account.bucket_arn(state_bucket_name(account))
    return document(
        *_read(account, key_arn),
        statement("WriteState", ["s3:DeleteObject", "s3:PutObject"], [f"{arn}/{STATE}"]),
        statement(
            "EncryptState",
            ["kms:GenerateDataKey"],
            [key_arn],
            condition={"StringEquals": {"kms:ViaService": account.service_in_region("s3")}},
        ),
    )


def _read(account: Account, key_arn: str) -> Sequence[Document]:
    arn = account.bucket_arn(state_bucket_name(account))
    return (
        # The backend lists the whole bucket once, to see that it can.
        statement("ListState", ["s3:ListBucket"], [arn]),
        statement("ReadState", ["s3:GetObject"], [f"{arn}/{STATE}"]),
        # By Amazon S3 for what lies in the bucket, and by the CLI for the secrets in it.
        statement("DecryptState", ["kms:Decrypt"], [key_arn]),
    )


def _workloads(account: Account) -> str:
    return role_arn(f"{own_prefix(account)}*", account)


def _deny(sid: str, actions: Sequence[str], resources: Sequence[str], principals: Sequence[str]) -> Document:
    return statement(
        sid,
        actions,
        resources,
        effect="Deny",
        principal=EVERYBODY,
        condition={"ArnLike": {"aws:PrincipalArn": list(principals)}},
    )
