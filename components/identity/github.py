"""GitHub Actions as an identity: how a repository's jobs name themselves to AWS.

Source: GitHub documentation, "Configuring OpenID Connect in Amazon Web Services" and "OpenID Connect reference".
"""

from typing import Annotated

from pydantic import Field

from components.account import Account
from components.identity.policies import Document, statement

GITHUB_TOKENS = "token.actions.githubusercontent.com"

_OWNER, _NAME, _ID = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", r"[A-Za-z0-9._-]{1,100}", r"@\d{1,20}"
GitHubRepository = Annotated[
    str,
    Field(
        pattern=rf"^({_OWNER}/{_NAME}|{_OWNER}{_ID}/{_NAME}{_ID})$",
        description="owner/name as the repository's tokens say it: with ids, such as octocat@123456/moka@456789, where "
        "subjects are immutable, which is so for every repository made or renamed since 2026-07-15.",
    ),
]


def jobs_in_environment(repository: str, environment: str) -> str:
    """Subject of the jobs of a repository that run in one of its GitHub environments.

    Args:
        repository: as `GitHubRepository`.
        environment: name of the GitHub environment.
    """
    return f"repo:{repository}:environment:{environment}"


def jobs_of_pull_requests(repository: str) -> str:
    """Subject of the jobs that a pull request starts, outside of any environment; a fork's jobs get no token."""
    return f"repo:{repository}:pull_request"


def jobs_of_branch(repository: str, branch: str) -> str:
    """Subject of the jobs of a branch that run outside of any environment."""
    return f"repo:{repository}:ref:refs/heads/{branch}"


def token_trust(sid: str, account: Account, host: str, audience: str, subjects: list[str]) -> Document:
    """The statement that lets some jobs become a role by their token.

    Args:
        sid: what the statement is for.
        account: the environment's account, which has a provider for the tokens.
        host: who issues the tokens, with its path, such as token.actions.githubusercontent.com.
        audience: whom the tokens are made for.
        subjects: whose tokens count, each in full.
    """
    return statement(
        sid,
        ["sts:AssumeRoleWithWebIdentity"],
        [],
        principal={"Federated": f"arn:{account.partition}:iam::{account.id}:oidc-provider/{host}"},
        condition={
            "StringEquals": {f"{host}:aud": audience, f"{host}:sub": subjects[0] if len(subjects) == 1 else subjects}
        },
    )
