"""The bootstrap of one account: the stack's settings, what they describe, and what the environment's program needs."""

import sys
from pathlib import Path

# The engine runs this file by its path, and components are a package beside its directory.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pulumi

from components.aws_provider import aws_provider
from components.bootstrap.bootstrap import Bootstrap
from components.bootstrap.load import PROJECT, load
from components.bootstrap.settings import BootstrapSettings
from components.outputs import export


def main(settings: BootstrapSettings) -> None:
    """Make what the account needs, and export what pipelines and people set."""
    provider = aws_provider(settings.account, PROJECT)
    made = Bootstrap("bootstrap", settings, opts=pulumi.ResourceOptions(providers=[provider]))
    export("backend_url", made.backend_url)
    export("secrets_provider", made.secrets_provider)
    export("state_key_arn", made.state_key_arn)
    export("deploy_role_arn", made.deploy_role_arn)
    export("preview_role_arn", made.preview_role_arn)
    export("role_boundary_arn", made.role_boundary_arn)


main(load())
