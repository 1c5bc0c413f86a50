"""Launch templates of EC2 instances."""

from offline.providers.aws.row import AwsType, arn, call
from offline.providers.values import Properties

_TEMPLATE = {
    "name": "LaunchTemplateName",
    "description": "VersionDescription",
    "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
    "securityGroupNames": "LaunchTemplateData.SecurityGroups",
    "tagSpecifications": "LaunchTemplateData.TagSpecifications",
}


def _next_version(outputs: Properties, inputs: Properties) -> Properties:
    """Every update of a launch template is a new version; the default moves along only when asked."""
    latest = int(outputs.get("latestVersion") or 1) + 1
    default = (
        latest if inputs.get("updateDefaultVersion") else inputs.get("defaultVersion", outputs.get("defaultVersion"))
    )
    return {"latestVersion": latest, "defaultVersion": default}


TYPES: dict[str, AwsType] = {
    "aws:ec2/launchTemplate:LaunchTemplate": AwsType(
        cloudformation="AWS::EC2::LaunchTemplate",
        calls=(call("ec2", "CreateLaunchTemplate", _TEMPLATE, inside="LaunchTemplateData"),),
        provider_only=frozenset({"updateDefaultVersion", "defaultVersion"}),
        identifier="lt-{hex:17}",
        arn=arn("ec2", "launch-template/{id}"),
        name="name",
        name_limit=128,
        outputs={"latestVersion": 1, "defaultVersion": 1},
        renamed={**_TEMPLATE, "tags": "TagSpecifications[0].Tags"},
        inside="LaunchTemplateData",
        implied={"tags": {"TagSpecifications[0].ResourceType": "launch-template"}},
        on_update=_next_version,
        taggable=True,
    ),
}
