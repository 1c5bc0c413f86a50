"""The account's providers for tokens of GitHub Actions and of GitLab CI/CD."""

import pulumi
import pulumi_aws as aws

from components.bootstrap.settings import BootstrapSettings
from components.bootstrap.trust import github_audience, gitlab_audience
from components.identity.github import GITHUB_TOKENS


class TokenProviders(pulumi.ComponentResource):
    """OpenID Connect providers, by which a job exchanges its token for a role's credentials of an hour.

    Amazon trusts the certificate authorities of both, so no thumbprint is listed.

    Args:
        settings: whose pipelines there are, and which providers the account has already.

    Outputs:
        made: the providers.

    Source: AWS IAM user guide, "Create an OpenID Connect (OIDC) identity provider in IAM".
    """

    made: list[pulumi.Resource]

    def __init__(self, name: str, settings: BootstrapSettings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:TokenProviders", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.made = []
        if settings.github is not None and settings.github.makes_provider:
            self._make(f"{name}-github", GITHUB_TOKENS, github_audience(settings.account))
        if settings.gitlab is not None and settings.gitlab.makes_provider:
            self._make(f"{name}-gitlab", settings.gitlab.host, gitlab_audience(settings.gitlab))
        self.register_outputs({})

    def _make(self, name: str, host: str, audience: str) -> None:
        self.made.append(
            aws.iam.OpenIdConnectProvider(name, url=f"https://{host}", client_id_lists=[audience], opts=self._child)
        )
