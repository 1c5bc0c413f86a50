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

    Source: AWS IAM user guide, "Create an OpenID Connect (OIDC) identity provider in IAM".
    """

    def __init__(self, name: str, settings: BootstrapSettings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:TokenProviders", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if settings.github is not None and settings.github.makes_provider:
            aws.iam.OpenIdConnectProvider(
                f"{name}-github",
                url=f"https://{GITHUB_TOKENS}",
                client_id_lists=[github_audience(settings.account)],
                opts=child,
            )
        if settings.gitlab is not None and settings.gitlab.makes_provider:
            aws.iam.OpenIdConnectProvider(
                f"{name}-gitlab",
                url=f"https://{settings.gitlab.host}",
                client_id_lists=[gitlab_audience(settings.gitlab)],
                opts=child,
            )
        self.register_outputs({})
