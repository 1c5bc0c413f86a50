"""The only AWS provider of a stack: bound to one Region and one account, and tagging everything it makes."""

import pulumi_aws as aws

from components.account import Account


def aws_provider(account: Account, project: str = "moka") -> aws.Provider:
    """A provider that refuses credentials of any other account before it makes anything.

    Default providers are switched off in Pulumi.yaml, so a resource that misses this one fails instead of landing in
    whatever account the shell is logged in to.

    Args:
        account: the environment's account.
        project: tag by which what two programs make in one account is told apart.

    Source: pulumi-aws provider configuration, `allowedAccountIds` and `defaultTags`.
    """
    return aws.Provider(
        "aws",
        region=account.region,
        allowed_account_ids=[account.id],
        default_tags=aws.ProviderDefaultTagsArgs(
            tags={"Project": project, "Environment": account.environment, "ManagedBy": "pulumi"}
        ),
    )
