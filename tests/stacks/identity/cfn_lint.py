"""What cfn-lint says of policy documents: the one linter that knows trust policies and those of repositories."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cfnlint.api import lint
from cfnlint.config import ManualArgs

from offline.checks.iam.evaluation import Policy

_NAME = "name"
# Kind of policy, as `render` calls it, to a resource of CloudFormation that has nothing else to be wrong.
_RESOURCES: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "identity": ("AWS::IAM::RolePolicy", "PolicyDocument", {"PolicyName": "p", "RoleName": _NAME}),
    "trust": ("AWS::IAM::Role", "AssumeRolePolicyDocument", {}),
    "bucket": ("AWS::S3::BucketPolicy", "PolicyDocument", {"Bucket": _NAME}),
    "vpce": ("AWS::EC2::VPCEndpoint", "PolicyDocument", {"ServiceName": "s", "VpcId": "vpc-0123456789abcdef0"}),
    "key": ("AWS::KMS::Key", "KeyPolicy", {}),
    "repository": ("AWS::ECR::Repository", "RepositoryPolicyText", {}),
    "queue": ("AWS::SQS::QueuePolicy", "PolicyDocument", {"Queues": ["q"]}),
    "topic": ("AWS::SNS::TopicPolicy", "PolicyDocument", {"Topics": ["arn:aws:sns:us-east-1:111111111111:t"]}),
}


def complaints(documents: Mapping[str, Policy], region: str) -> Iterator[str]:
    """Every finding, with the path of its document and the id of its rule.

    Args:
        documents: path as `render` writes it to document.
        region: where they are.
    """
    names = {f"Policy{index}": path for index, path in enumerate(sorted(documents))}
    resources = {name: _resource(name, path, documents[path]) for name, path in names.items()}
    template = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    # Matches have more than their class says.
    matches: list[Any] = list(lint(template, config=ManualArgs(regions=[region])))
    for match in matches:
        where = [str(each) for each in match.path or ()]
        name = next((each for each in where if each in names), "")
        yield f"{names.get(name, name)} {match.rule.id}: {match.message} {'/'.join(where[3:])}"


def _resource(name: str, path: str, policy: Policy) -> dict[str, Any]:
    kind, place, others = _RESOURCES[path.split("/")[1]]
    # No two resources stand on the same.
    own = {key: name.lower() if value == _NAME else value for key, value in others.items()}
    return {"Type": kind, "Properties": {**own, place: policy}}
