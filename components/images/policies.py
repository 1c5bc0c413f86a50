"""Policies of repositories, of their lifecycle, and of who makes and fills them, as plain documents."""

import json
from collections.abc import Sequence

from components.account import Account
from components.identity.github import GITHUB_TOKENS, jobs_in_environment, token_trust
from components.identity.policies import Document, document, statement

PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
# Amazon ECR user guide, "IAM permissions for pushing an image to an Amazon ECR private repository".
PUSH = [
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]


def repository_policy(account: Account, *, owners: Sequence[str] = (), pushers: Sequence[str] = ()) -> Document:
    """Who may use a repository that is pushed to: this account alone, and for pushes those who are named.

    Args:
        account: the environment's account.
        owners: ARNs of roles that may push and pull without rights of their own to the repository.
        pushers: ARNs of the only roles that may push; empty where each identity's own policies decide.

    Source: Amazon ECR user guide, "Private repository policies in Amazon ECR"; they take no resource.
    """
    statements = [
        statement(
            "DenyOtherAccounts",
            ["ecr:*"],
            [],
            effect="Deny",
            principal="*",
            condition={
                "StringNotEquals": {"aws:PrincipalAccount": account.id},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        )
    ]
    if owners:
        statements.append(statement("OwnersPushAndPull", [*PULL, *PUSH], [], principal={"AWS": list(owners)}))
    if pushers:
        statements.append(
            statement(
                "DenyOtherPushers",
                PUSH,
                [],
                effect="Deny",
                principal="*",
                condition={"ArnNotEquals": {"aws:PrincipalArn": list(pushers)}},
            )
        )
    return document(*statements)


def lifecycle_policy(kept_versions: int, untagged_days: int) -> str:
    """Which images of a repository go, as JSON: those that nothing names, and the oldest beyond a number.

    Amazon ECR never takes away what an index names, nor, by itself, the artifacts that refer to an image that stays.

    Args:
        kept_versions: newest images with a tag that stay.
        untagged_days: days for which one without a tag stays.

    Source: Amazon ECR user guide, "Lifecycle policy properties in Amazon ECR".
    """
    rules = [
        {
            "rulePriority": 1,
            "description": "Named by no tag and no index",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": untagged_days,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": "Older than the versions that are kept",
            "selection": {
                "tagStatus": "tagged",
                "tagPatternList": ["*"],
                "countType": "imageCountMoreThan",
                "countNumber": kept_versions,
            },
            "action": {"type": "expire"},
        },
    ]
    return json.dumps({"rules": rules})


def template_trust(account: Account) -> Document:
    """Trust of Amazon ECR, which makes repositories of a cache as this role.

    It has no condition: whether Amazon ECR names the account that it acts for is not documented, and only principals of
    this account can name the role in a template.

    Source: Amazon ECR user guide, "Creating an IAM role for repository creation templates".
    """
    return document(
        statement("MakesRepositories", ["sts:AssumeRole"], [], principal={"Service": account.service_principal("ecr")})
    )


def template_policy(account: Account, key_arn: str, prefixes: Sequence[str]) -> Document:
    """What Amazon ECR needs to make a repository of a cache with the environment's key and tags.

    Args:
        account: the environment's account.
        key_arn: ARN of the key.
        prefixes: what names of cached repositories begin with.

    The policy that Amazon ECR publishes for it also holds ecr:ReplicateImage, for replication, of which there is none.

    Source: Amazon ECR user guide, "Create a custom policy for repository creation templates".
    """
    return document(
        statement(
            "RepositoriesOfCaches",
            ["ecr:CreateRepository", "ecr:TagResource"],
            [account.arn("ecr", f"repository/{each}/*") for each in prefixes],
        ),
        statement("GrantsOfTheKey", ["kms:CreateGrant", "kms:RetireGrant", "kms:DescribeKey"], [key_arn]),
    )


def publisher_trust(account: Account, repository: str, environment: str) -> Document:
    """Trust of jobs of one GitHub repository that run in one of its environments.

    Args:
        account: the environment's account, which has a provider for GitHub's tokens.
        repository: owner/name.
        environment: name of the GitHub environment.

    Source: GitHub documentation, "Configuring OpenID Connect in Amazon Web Services".
    """
    subject = jobs_in_environment(repository, environment)
    audience = account.service_principal("sts")
    return document(token_trust("JobsOfOneEnvironment", account, GITHUB_TOKENS, audience, [subject]))


def publisher_policy(account: Account, repositories: Sequence[str]) -> Document:
    """Push to some repositories and pull from them, and nothing else.

    Args:
        account: the environment's account.
        repositories: their names.
    """
    return document(
        # It names no repository, whatever the caller may use it for.
        statement("LogIn", ["ecr:GetAuthorizationToken"], ["*"]),
        statement(
            "PushAndPull",
            [*PULL, *PUSH],
            [account.arn("ecr", f"repository/{each}") for each in repositories],
        ),
    )
