"""Key policies of the customer keys that encrypt log groups and what else an environment keeps.

Leaves out the keys themselves: each component makes its own, so that one area's access never opens another's data.
"""

from components.account import Account
from components.identity.policies import Document, document, statement

# The longest window that KMS offers: a key is gone for ever, and with it everything that it encrypted.
DELETION_WINDOW_DAYS = 30


def administered_by_account(account: Account) -> Document:
    """The statement that hands control of a key to the account's IAM policies; without it nobody could change it.

    Source: AWS KMS developer guide, "Default key policy".
    """
    return statement(
        "AccountAdministersKey",
        ["kms:*"],
        ["*"],
        principal={"AWS": f"arn:{account.partition}:iam::{account.id}:root"},
    )


def log_group_key_policy(account: Account, log_group: str) -> Document:
    """Policy of a key that encrypts one CloudWatch log group, and no other one.

    Args:
        account: the account that owns the key and the log group.
        log_group: physical name of the log group.

    Source: Amazon CloudWatch Logs user guide, "Encrypt log data using AWS KMS", step 2.
    """
    return document(
        administered_by_account(account),
        statement(
            "LogsOfOneGroup",
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            ["*"],
            principal={"Service": account.service_in_region("logs")},
            condition={
                "ArnEquals": {"kms:EncryptionContext:aws:logs:arn": account.arn("logs", f"log-group:{log_group}")}
            },
        ),
    )
