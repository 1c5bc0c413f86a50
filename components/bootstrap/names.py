"""What others know of the bootstrap by name: roles, boundaries, the state bucket and the key of its secrets.

None of them begins as what the program makes for itself (`own_prefix`), which the deploy role may change.
"""

from components.account import Account

DEPLOY_ROLE = "moka-deploy"
PREVIEW_ROLE = "moka-preview"
PIPELINE_BOUNDARY = "moka-pipeline-boundary"
# The most that any role of the program may ever do.
ROLE_BOUNDARY = "moka-role-boundary"
KEY_ALIAS = "alias/moka-state"


def own_prefix(account: Account) -> str:
    """What names of an environment's own roles, instance profiles and buckets begin with."""
    return f"{account.cluster_name}-"


def role_arn(name: str, account: Account) -> str:
    """ARN of a role by its name, or of several by a pattern."""
    return f"arn:{account.partition}:iam::{account.id}:role/{name}"


def policy_arn(name: str, account: Account) -> str:
    """ARN of a policy of the account by its name."""
    return f"arn:{account.partition}:iam::{account.id}:policy/{name}"


def state_bucket_name(account: Account) -> str:
    """Physical name of the state bucket; bucket names are unique in a partition."""
    return f"moka-state-{account.id}-{account.region}"


def backend_url(account: Account) -> str:
    """The backend as `pulumi login` takes it."""
    return f"s3://{state_bucket_name(account)}?region={account.region}"


def secrets_provider(account: Account) -> str:
    """The secrets provider as `pulumi stack init --secrets-provider` takes it."""
    return f"awskms://{KEY_ALIAS}?region={account.region}"
