"""What the role of a pod identity is called.

The name is known beforehand because bucket policies name their writers: a role made by Pulumi with a random name could
only be named after it exists, or by a pattern that a role made by somebody else could match too.
"""

from components.account import Account


def pod_role_name(identity: str, account: Account) -> str:
    """Physical name of the role.

    Args:
        identity: logical name of the `PodIdentity`, such as fluent-bit.
        account: the environment's account.
    """
    return f"moka-{account.environment}-{identity}-pod"


def pod_role_arn(identity: str, account: Account) -> str:
    """ARN of the role, which is also the `aws:PrincipalArn` of whoever assumed it."""
    return f"arn:{account.partition}:iam::{account.id}:role/{pod_role_name(identity, account)}"
