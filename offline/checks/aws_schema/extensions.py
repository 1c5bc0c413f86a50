"""What cfn-lint adds to CloudFormation's schemas: how properties go together, and the instance types of a region.

A table of cfn-lint's own schema files and the properties they are for, as its rules E2510, E3671, E3687, E3689, E3502
and E3628 apply them; node groups, whose instance types those rules leave out, are judged by the same list.

Source: https://github.com/aws-cloudformation/cfn-lint/tree/main/src/cfnlint/data/schemas/extensions
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from offline.checks.aws_schema.validation import Problem, problems
from offline.providers.aws.schemas import extension
from offline.providers.aws.wording import Path
from offline.providers.values import has_unknown

_RULES = (
    "aws_ec2_securitygroup/all_to_and_from_ports",
    "aws_ec2_securitygroup/protocols_and_port_ranges_exclude",
    "aws_ec2_securitygroup/protocols_and_port_ranges_include",
)
_INSTANCE_TYPES = ("aws_ec2_instance/instancetype_enum",)
_TABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::EC2::SecurityGroup": {"SecurityGroupIngress/*": _RULES, "SecurityGroupEgress/*": _RULES},
    "AWS::EC2::SecurityGroupIngress": {"": _RULES},
    "AWS::EC2::SecurityGroupEgress": {"": _RULES},
    "AWS::EC2::LaunchTemplate": {
        "LaunchTemplateData/InstanceType": _INSTANCE_TYPES,
        "LaunchTemplateData/BlockDeviceMappings/*/Ebs": ("aws_ec2_instance/blockdevicemappings",),
    },
    "AWS::EKS::Nodegroup": {"InstanceTypes/*": _INSTANCE_TYPES},
    "AWS::SQS::Queue": {"": ("aws_sqs_queue/properties",)},
    "AWS::SNS::Subscription": {"": ("aws_sns_subscription/subscription_endpoint_protocol",)},
    "AWS::CloudWatch::Alarm": {"": ("aws_cloudwatch_alarm/period",)},
}


def further_problems(cloudformation: str, properties: Mapping[str, Any], region: str) -> Iterator[tuple[str, Problem]]:
    """What the additions refuse, each with the name of the addition."""
    for pattern, names in _TABLE.get(cloudformation, {}).items():
        for path, value in _at(properties, tuple(pattern.split("/")) if pattern else ()):
            for name in names:
                schema = extension(name)
                if name in _INSTANCE_TYPES:
                    # A region that the list does not know is left unjudged.
                    schema = schema.get(region, {})
                if not _asks_for_unknown(schema, value):
                    for problem in problems(schema, value):
                        yield name.rpartition("/")[2], replace(problem, path=(*path, *problem.path))


def _asks_for_unknown(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a property that the schema's conditions look at is unknown, so that they can't be judged."""
    if not isinstance(value, dict):
        return has_unknown(value)
    return any(has_unknown(value[name]) for name in _named(schema) if name in value)


def _named(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {name for each in schema for name in _named(each)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})).union(*(_named(each) for each in schema.values()))


def _at(value: Any, way: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if not way:
        yield path, value
    elif way[0] == "*" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _at(item, way[1:], (*path, index))
    elif isinstance(value, dict) and way[0] in value:
        yield from _at(value[way[0]], way[1:], (*path, way[0]))
