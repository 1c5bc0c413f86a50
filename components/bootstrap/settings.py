"""What the bootstrap of one account is told: whose account it is, and which pipelines may act in it.

Leaves out names of roles, of the state bucket and of its key: they are the same everywhere (`names.py`).
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from components.account import Account
from components.identity.github import GitHubRepository
from components.model import AccountId, Model, RegionName, Violation

EnvironmentName = Literal["test", "dev", "staging", "production"]
BranchName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")]
Branches = Annotated[tuple[BranchName, ...], Field(max_length=10)]


class GitHubSettings(Model):
    """The GitHub repository whose workflows preview and deploy."""

    repository: GitHubRepository
    """The repository; deployments come from its GitHub environment of the stack's name alone."""

    preview_branches: Branches = ("main",)
    """Branches whose jobs may preview, beside those of pull requests."""

    makes_provider: bool = True
    """Make the account's provider for GitHub's tokens; false where it has one already, since AWS takes no second."""


class GitLabSettings(Model):
    """The GitLab project whose pipelines preview and deploy.

    GitLab's tokens name no environment in their subject, so a protected branch takes its place.
    """

    host: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,200}$")] = "gitlab.com"
    """Host name of the GitLab instance; AWS reads its keys from there, so it must be reachable from the internet."""

    project: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){1,20}$", max_length=255)]
    """Path of the project, with its groups."""

    deploy_branch: BranchName = "main"
    """Protected branch whose pipelines may deploy."""

    preview_branches: Branches = ("main",)
    """Branches whose pipelines may preview."""

    makes_provider: bool = True
    """Make the account's provider for the tokens; false where it has one already, since AWS takes no second."""


class StateSettings(Model):
    """How long the state can be taken back."""

    replaced_days: Annotated[int, Field(ge=30, le=3650)] = 365
    """Days for which a version of the state is kept after it was replaced."""

    replaced_versions: Annotated[int, Field(ge=10, le=100)] = 100
    """Newest replaced versions of each file that are kept however old they are."""


class BootstrapSettings(Model):
    """Everything that the bootstrap of one account decides; defaults are production's."""

    name: EnvironmentName
    """The environment of the account, which is also the name of the stack."""

    account_id: AccountId
    """The AWS account, which holds this environment and no other."""

    region: RegionName
    """The AWS Region of the environment, and of its state."""

    protect: bool = True
    """Refuse to delete or replace the state bucket and its key, and keep them when the stack is destroyed anyhow."""

    empties_buckets: bool = False
    """Let the deploy role delete logs: only where the environment's `log_buckets.on_destroy` is empty."""

    github: GitHubSettings | None = None
    """GitHub Actions; null where no workflow deploys."""

    gitlab: GitLabSettings | None = None
    """GitLab CI/CD; null where no pipeline of it deploys."""

    state: StateSettings = StateSettings()

    @property
    def account(self) -> Account:
        """Account and Region, and what follows from them."""
        return Account(self.name, self.account_id, self.region)

    def rules(self) -> Iterable[Violation]:
        """Somebody deploys, and production's logs are never deleted by a pipeline."""
        if self.github is None and self.gitlab is None:
            yield Violation(
                "github",
                None,
                "must be set while gitlab is null",
                "the roles would trust nobody, and AWS takes no role without anybody who may become it",
                "name the repository of the workflows that deploy",
            )
        if self.name == "production" and self.empties_buckets:
            yield Violation(
                "empties_buckets",
                True,
                "must be false in production",
                "no setting empties production's buckets, so no pipeline needs the right to",
                "leave it out",
            )
        if self.name == "production" and not self.protect:
            yield Violation(
                "protect",
                False,
                "must be true in production",
                "without its state nobody can change or destroy what runs there, other than by hand",
                "leave it out",
            )
