"""Amazon Managed Grafana."""

from offline.providers.aws.row import AwsType, arn, call

TYPES: dict[str, AwsType] = {
    "aws:grafana/workspace:Workspace": AwsType(
        cloudformation="AWS::Grafana::Workspace",
        calls=(
            call(
                "grafana",
                "CreateWorkspace",
                {
                    "name": "workspaceName",
                    "description": "workspaceDescription",
                    "dataSources": "workspaceDataSources",
                    "roleArn": "workspaceRoleArn",
                },
            ),
        ),
        identifier="g-{hex:10}",
        arn=arn("grafana", "/workspaces/{id}"),
        outputs={"endpoint": "{id}.grafana-workspace.{region}.{suffix}", "samlConfigurationStatus": ""},
        # CloudFormation has no such property.
        provider_only=frozenset({"configuration"}),
    ),
}
