"""Amazon Managed Grafana in place of Grafana in the cluster: people log in with IAM Identity Center.

Leaves out dashboards and data source: a managed workspace takes them through its API alone, with a token that lives
outside of this program; docs/dashboards.md has the commands. Leaves out who may log in, too: that is assigned in the
workspace. IAM Identity Center must be on in the account's organisation.
"""

import json

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.identity.policies import service_trust
from components.monitoring.policies import query

# One of the versions that the service offers, near to the one in the cluster.
VERSION = "13.2"
# Amazon Managed Grafana user guide, "Working in your Grafana workspace": people add no plugins, and alerts stay in
# Prometheus and Alertmanager.
CONFIGURATION = {"plugins": {"pluginAdminEnabled": False}, "unifiedAlerting": {"enabled": False}}


class ManagedGrafana(pulumi.ComponentResource):
    """A workspace that may query one Amazon Managed Service for Prometheus workspace.

    Args:
        name: logical name.
        account: the environment's account.
        metrics_arn: ARN of the Prometheus workspace.
        protect: refuse to delete the workspace, which holds people's own dashboards.

    Outputs:
        login_command: where to log in.
        password_command: None: there is no password.

    Source: Amazon Managed Grafana user guide, "Amazon Managed Grafana permissions and policies for AWS data sources".
    """

    login_command: pulumi.Output[str]
    password_command: None = None

    def __init__(
        self,
        name: str,
        account: Account,
        *,
        metrics_arn: pulumi.Input[str],
        protect: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("moka:index:ManagedGrafana", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            description=f"Dashboards of Moka {account.environment}",
            assume_role_policy=json.dumps(service_trust("grafana", account)),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.from_input(metrics_arn).apply(lambda arn: json.dumps(query(arn))),
            opts=child,
        )
        workspace = aws.grafana.Workspace(
            name,
            name=account.cluster_name,
            description=f"Dashboards of Moka {account.environment}",
            account_access_type="CURRENT_ACCOUNT",
            authentication_providers=["AWS_SSO"],
            # The role above and nothing that the service would make up.
            permission_type="CUSTOMER_MANAGED",
            role_arn=role.arn,
            data_sources=["PROMETHEUS"],
            grafana_version=VERSION,
            configuration=json.dumps(CONFIGURATION),
            opts=pulumi.ResourceOptions(parent=self, protect=protect, depends_on=[policy]),
        )
        self.login_command = workspace.endpoint.apply(lambda host: f"open https://{host}")
        self.register_outputs({"login_command": self.login_command})
