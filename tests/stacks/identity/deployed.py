"""The roles and policies of a deployment, by who has them and what they stand on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from components.identity.programs.call import Fields, fields_of
from components.identity.programs.catalog import programs
from components.settings import Settings
from offline.checks.iam.evaluation import Decision, Policy, Request, decide
from offline.render.policies import policy_documents

_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
# Type of a resource policy to the type of what it stands on, and to the input that names one by an output of it.
_STANDS_ON = {
    "aws:s3/bucketPolicy:BucketPolicy": ("aws:s3/bucket:Bucket", "bucket", "bucket"),
    "aws:sqs/queuePolicy:QueuePolicy": ("aws:sqs/queue:Queue", "queueUrl", "url"),
    "aws:sns/topicPolicy:TopicPolicy": ("aws:sns/topic:Topic", "arn", "arn"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("aws:ecr/repository:Repository", "repository", "name"),
}
_KEY = "aws:kms/key:Key"


@dataclass(frozen=True)
class Role:
    """A role of a deployment.

    Args:
        arn: its ARN.
        inline: logical name of each policy that stands in it to its document.
        managed: names of AWS's policies that are attached to it, with their paths.
    """

    arn: str
    inline: dict[str, Policy] = field(default_factory=dict)
    managed: list[str] = field(default_factory=list)

    @property
    def policies(self) -> list[Policy]:
        """Every document that counts."""
        return [*self.inline.values(), *(managed_document(each) for each in self.managed)]


class Deployed:
    """A stack that is up.

    Args:
        settings: of the stack.
        resources: of its exported deployment.
    """

    def __init__(self, settings: Settings, resources: Sequence[Mapping[str, Any]]) -> None:
        self.settings = settings
        self.fields: Fields = fields_of(resources)
        self.documents: Mapping[str, Policy] = dict(policy_documents(resources))
        self.roles = _roles(resources)
        self._resource_policies = _resource_policies(resources)

    def requests(self) -> Mapping[str, list[Request]]:
        """Logical name of each role to everything that its program asks for."""
        return {
            each.role: [Request(self.roles[each.role].arn, *asked) for asked in each.requests(self.fields)]
            for each in programs(self.settings)
        }

    def decide(self, role: str, request: Request) -> Decision:
        """What AWS decides, by all policies of the role and of the resource together."""
        policy = self.policy_of(request.resource)
        # A key that is not made here has a policy that its owner writes.
        is_key = ":kms:" in request.resource and policy is not None
        # An image that AWS owns opens itself to everybody, in a policy that nobody else sees.
        owner = request.account or ""
        return decide(request, self.roles[role].policies, policy, owner=owner, key=is_key)

    def policy_of(self, arn: str) -> Policy | None:
        """The policy that stands on a resource, on the bucket of an object, or none."""
        return self._resource_policies.get(arn.partition("/")[0] if ":s3:::" in arn else arn)


@cache
def managed_document(name: str) -> Policy:
    """Document of a policy that AWS manages, as moto carries them.

    Raises:
        KeyError: for a name that it does not know.
    """
    return _managed()[name.rpartition("/")[2]]["Document"]


@cache
def _managed() -> dict[str, Any]:
    return json.loads(aws_managed_policies_data)


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rsplit("::", 1)[-1]


def _roles(resources: Iterable[Mapping[str, Any]]) -> dict[str, Role]:
    by_name: dict[str, Role] = {}
    found: dict[str, Role] = {}
    for each in resources:
        if each["type"] == _ROLE:
            found[_name(each)] = by_name[each["outputs"]["name"]] = Role(each["outputs"]["arn"])
    for each in resources:
        if each["type"] == _ROLE_POLICY:
            by_name[each["inputs"]["role"]].inline[_name(each)] = json.loads(each["inputs"]["policy"])
        elif each["type"] == _ATTACHMENT:
            managed = by_name[each["inputs"]["role"]].managed
            managed.append(each["inputs"]["policyArn"].partition(":policy/")[2])
    return found


def _resource_policies(resources: Sequence[Mapping[str, Any]]) -> dict[str, Policy]:
    found: dict[str, Policy] = {
        each["outputs"]["arn"]: json.loads(each["inputs"]["policy"]) for each in resources if each["type"] == _KEY
    }
    for each in resources:
        if each["type"] in _STANDS_ON:
            kind, place, output = _STANDS_ON[each["type"]]
            (on,) = (
                one["outputs"]["arn"]
                for one in resources
                if one["type"] == kind and one["outputs"][output] == each["inputs"][place]
            )
            found[on] = json.loads(each["inputs"]["policy"])
    return found
