"""What an account has before its environment: where state lies, who vouches for pipelines, and as whom they act."""

import pulumi

from components.bootstrap.names import backend_url, secrets_provider
from components.bootstrap.pipeline_roles import PipelineRoles
from components.bootstrap.settings import BootstrapSettings
from components.bootstrap.state_store import StateStore
from components.bootstrap.token_providers import TokenProviders


class Bootstrap(pulumi.ComponentResource):
    """State store, token providers and roles of pipelines of one account.

    Args:
        name: logical name.
        settings: the whole tree.
        opts: its providers must hold the AWS provider.

    Outputs:
        backend_url: the backend as `pulumi login` takes it; it resolves once the bucket is closed.
        secrets_provider: as `pulumi stack init --secrets-provider` takes it.
        state_key_arn: ARN of the key of the state.
        deploy_role_arn: ARN of the role that deploys.
        preview_role_arn: ARN of the role that previews.
        role_boundary_arn: ARN of the boundary that roles of the environment carry.
    """

    backend_url: pulumi.Output[str]
    secrets_provider: pulumi.Output[str]
    state_key_arn: pulumi.Output[str]
    deploy_role_arn: pulumi.Output[str]
    preview_role_arn: pulumi.Output[str]
    role_boundary_arn: pulumi.Output[str]

    def __init__(self, name: str, settings: BootstrapSettings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("moka:index:Bootstrap", name, None, opts)
        child, account = pulumi.ResourceOptions(parent=self), settings.account
        state = StateStore("state", settings.state, account, protect=settings.protect, opts=child)
        providers = TokenProviders("token-providers", settings, opts=child)
        roles = PipelineRoles(
            "pipelines",
            settings,
            key_arn=state.key_arn,
            after=providers.made,
            opts=child,
        )
        self.backend_url = state.bucket_name.apply(lambda _: backend_url(account))
        self.secrets_provider = state.key_arn.apply(lambda _: secrets_provider(account))
        self.state_key_arn = state.key_arn
        self.deploy_role_arn = roles.deploy_role_arn
        self.preview_role_arn = roles.preview_role_arn
        self.role_boundary_arn = roles.role_boundary_arn
        self.register_outputs({"backend_url": self.backend_url, "deploy_role_arn": self.deploy_role_arn})
