"""Every policy of a stack that has a say in a request, by what it stands on.

Leaves out permission boundaries, organisations' policies and grants of keys, of which the program makes none.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from local_cluster.aws.deployment import AwsResource, Deployment
from offline.checks.iam.evaluation import Policy
from offline.checks.policy_document import document_of

_ROLE = "aws:iam/role:Role"
_MANAGED_BY_AWS = ":iam::aws:policy/"


class UnknownPolicyError(Exception):
    """A role has a policy that neither the stack nor AWS, as moto knows it, publishes."""


@dataclass(frozen=True)
class Endpoint:
    """A VPC endpoint.

    Args:
        identifier: such as vpce-0123.
        vpc_id: the VPC.
        policy: its policy.
    """

    identifier: str
    vpc_id: str
    policy: Policy


class Policies:
    """The policies of one deployment.

    Args:
        deployment: of the stack.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._roles = {each.arn: each for each in deployment.of(_ROLE)}
        self._identity: dict[str, list[Policy | str]] = {}
        own: dict[str, Policy | str] = {
            each.arn: document_of(each.inputs["policy"]) for each in deployment.of("aws:iam/policy:Policy")
        }
        for each in deployment.of("aws:iam/rolePolicy:RolePolicy"):
            self._identity.setdefault(each.inputs["role"], []).append(document_of(each.inputs["policy"]))
        for each in deployment.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
            arn: str = each.inputs["policyArn"]
            self._identity.setdefault(each.inputs["role"], []).append(own.get(arn) or arn)
        for each in self._roles.values():
            inline = (document_of(policy["policy"]) for policy in each.inputs.get("inlinePolicies") or ())
            self._identity.setdefault(each.identifier, []).extend(inline)
        self._buckets = _documents(deployment.of("aws:s3/bucketPolicy:BucketPolicy"), "bucket")
        self._topics = _documents(deployment.of("aws:sns/topicPolicy:TopicPolicy"), "arn")
        self._queues = _documents(deployment.of("aws:sqs/queuePolicy:QueuePolicy"), "queueUrl")
        self._keys = {
            each.arn: document_of(each.inputs.get("policy")) or _default_key_policy(deployment)
            for each in deployment.of("aws:kms/key:Key")
        }
        self._endpoints = {
            each.inputs["serviceName"].split(f".{deployment.region}.")[-1]: _endpoint(each)
            for each in deployment.of("aws:ec2/vpcEndpoint:VpcEndpoint")
        }

    def identity(self, role_arn: str) -> list[Policy]:
        """What a role's own policies say.

        Raises:
            UnknownPolicyError: where one of them is nowhere.
        """
        role = self._roles.get(role_arn)
        found = self._identity.get(role.identifier, []) if role else []
        return [_managed_by_aws(each) if isinstance(each, str) else each for each in found]

    def trust(self, role_arn: str) -> Policy | None:
        """Who may take a role; None where there is no such role."""
        role = self._roles.get(role_arn)
        return None if role is None else document_of(role.inputs["assumeRolePolicy"])

    def endpoint(self, service: str) -> Endpoint | None:
        """The VPC endpoint of a service, by the last part of its name; None where requests go by NAT gateway."""
        return self._endpoints.get(service)

    def resource(self, arn: str) -> Policy | None:
        """The policy that stands on a bucket, an object's bucket, a key, a topic or a queue."""
        service, name = arn.split(":")[2], arn.split(":", 5)[-1]
        if service == "s3":
            return self._buckets.get(name.partition("/")[0])
        if service == "sqs":
            return next((each for url, each in self._queues.items() if url.rsplit("/", 1)[-1] == name), None)
        return self._keys.get(arn) if service == "kms" else self._topics.get(arn)


@lru_cache(maxsize=4)
def policies_of(deployment: Deployment) -> Policies:
    """The policies of a deployment, gathered once."""
    return Policies(deployment)


def _documents(resources: Iterable[AwsResource], on: str) -> dict[str, Policy]:
    return {each.inputs[on]: document_of(each.inputs["policy"]) for each in resources}


def _endpoint(resource: AwsResource) -> Endpoint:
    # An endpoint without a policy lets everything through.
    everything = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    document = document_of(resource.inputs.get("policy")) or everything
    return Endpoint(resource.identifier, resource.inputs.get("vpcId", ""), document)


def _default_key_policy(deployment: Deployment) -> Policy:
    """Source: AWS KMS developer guide, "Default key policy"."""
    owner = {"AWS": f"arn:{deployment.partition}:iam::{deployment.account_id}:root"}
    return {"Statement": [{"Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}]}


def _managed_by_aws(arn: str) -> Policy:
    name = arn.rsplit("/", 1)[-1]
    found = _published().get(name) if _MANAGED_BY_AWS in arn else None
    if found is None:
        raise UnknownPolicyError(f"{arn} is neither a policy of the stack nor one of AWS's that moto knows")
    return found["Document"]


@cache
def _published() -> Mapping[str, Any]:
    """AWS's managed policies, as moto carries them: half a second and some megabytes, for roles that have one."""
    return json.loads(aws_managed_policies_data)
