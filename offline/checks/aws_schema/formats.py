"""Formats of ids and ARNs that CloudFormation's schemas name, from cfn-lint's rules about them.

Leaves the formats of JSON schema itself, such as `ipv4-network`, to cfn-lint's validator.

Source: https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/format_keyword.md
"""

import importlib
from functools import cache
from typing import Any

# Format -> the rule that holds its pattern. Not read off the rules: E1155 gives itself another format's name.
_RULES = {
    "AWS::EC2::Image.Id": "ImageId",
    "AWS::EC2::SecurityGroup.Id": "SecurityGroupId",
    "AWS::EC2::SecurityGroup.Name": "SecurityGroupName",
    "AWS::EC2::Subnet.Id": "SubnetId",
    "AWS::EC2::VPC.Id": "VpcId",
    "AWS::IAM::Role.Arn": "IamRoleArn",
    "AWS::KMS::Alias.AliasName": "KmsAliasName",
    "AWS::KMS::Key.Arn": "KmsKeyArn",
    "AWS::KMS::Key.Id": "KmsKeyId",
    "AWS::Logs::LogGroup.Name": "LogGroupName",
    "AWS::S3::Bucket.Name": "S3BucketName",
    "AWS::SNS::Topic.Arn": "SnsTopicArn",
}
_EXAMPLES = {
    "AWS::EC2::Image.Id": "ami-0123456789abcdef0",
    "AWS::EC2::SecurityGroup.Id": "sg-0123456789abcdef0",
    "AWS::EC2::Subnet.Id": "subnet-0123456789abcdef0",
    "AWS::EC2::VPC.Id": "vpc-0123456789abcdef0",
    "AWS::IAM::Role.Arn": "arn:aws:iam::123456789012:role/name",
    "AWS::KMS::Alias.AliasName": "alias/name",
    "AWS::KMS::Key.Arn": "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    "AWS::KMS::Key.Id": "01234567-89ab-cdef-0123-456789abcdef",
    "AWS::S3::Bucket.Name": "lower-case-letters-digits-and-hyphens",
    "AWS::SNS::Topic.Arn": "arn:aws:sns:eu-west-1:123456789012:name",
    "ipv4-network": "10.0.0.0/16",
    "ipv6-network": "fd00::/64",
    "uri": "https://example.com/path",
}


def is_in_format(value: Any, name: str) -> bool | None:
    """Whether the value has one of AWS's formats; None where the format is not one of these."""
    pattern = _pattern(name)
    if pattern is None:
        return None
    # A launch template may name a parameter that holds the image.
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
    if name == "AWS::EC2::Image.Id" and isinstance(value, str) and value.startswith("resolve:ssm:"):
        return True
    return not isinstance(value, str) or pattern.search(value) is not None


def example(name: str) -> str:
    """A value of the format; empty where the format's name says enough."""
    return _EXAMPLES.get(name, "")


@cache
def _pattern(name: str) -> Any:
    if name not in _RULES:
        return None
    rule = getattr(importlib.import_module(f"cfnlint.rules.formats.{_RULES[name]}"), _RULES[name])
    return importlib.import_module("regex").compile(rule().pattern)
