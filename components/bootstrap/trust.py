"""Who may become the roles of pipelines: jobs that name themselves in full, of one repository, and nobody else.

Source: GitHub documentation, "Configuring OpenID Connect in Amazon Web Services"; GitLab documentation, "Configure
OpenID Connect in AWS to retrieve temporary credentials" and "ID token authentication", token payload.
"""

from components.account import Account
from components.bootstrap.settings import BootstrapSettings, GitLabSettings
from components.identity.github import (
    GITHUB_TOKENS,
    jobs_in_environment,
    jobs_of_branch,
    jobs_of_pull_requests,
    token_trust,
)
from components.identity.policies import Document, document


def github_audience(account: Account) -> str:
    """Whom aws-actions/configure-aws-credentials asks tokens for."""
    return account.service_principal("sts")


def gitlab_audience(settings: GitLabSettings) -> str:
    """Whom a job asks its token for, under `id_tokens` of the pipeline."""
    return f"https://{settings.host}"


def deploy_trust(settings: BootstrapSettings) -> Document:
    """Trust of jobs in the GitHub environment that is called as the stack, and of GitLab's protected branch."""
    github = settings.github and [jobs_in_environment(settings.github.repository, settings.name)]
    gitlab = settings.gitlab and [_pipelines_of(settings.gitlab, settings.gitlab.deploy_branch)]
    return _trust(settings, github, gitlab)


def preview_trust(settings: BootstrapSettings) -> Document:
    """Trust of jobs of pull requests, and of the branches that are listed."""
    github = settings.github and [
        jobs_of_pull_requests(settings.github.repository),
        *(jobs_of_branch(settings.github.repository, each) for each in settings.github.preview_branches),
    ]
    gitlab = settings.gitlab and [_pipelines_of(settings.gitlab, each) for each in settings.gitlab.preview_branches]
    return _trust(settings, github, gitlab)


def _trust(settings: BootstrapSettings, github: list[str] | None, gitlab: list[str] | None) -> Document:
    account, statements = settings.account, list[Document]()
    if settings.github is not None and github:
        statements.append(token_trust("JobsOfGitHub", account, GITHUB_TOKENS, github_audience(account), github))
    if settings.gitlab is not None and gitlab:
        audience = gitlab_audience(settings.gitlab)
        statements.append(token_trust("PipelinesOfGitLab", account, settings.gitlab.host, audience, gitlab))
    return document(*statements)


def _pipelines_of(settings: GitLabSettings, branch: str) -> str:
    return f"project_path:{settings.project}:ref_type:branch:ref:{branch}"
