"""An environment as policies see it: who is in its account, what the account owns, and what bounds them.

Read from what `up` makes of the files, the environment's own and its account's bootstrap, so that nothing is listed
twice: a role or a bucket that is added is asked about at once. People's roles are made elsewhere: whatever their own
policies are, they count as administrators here, and so does a role with a policy that AWS manages and may change.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.account import Account
from components.organisation.policies import resource_control_policy, service_control_policy
from offline.checks.policy_document import as_list, document_of
from offline.isolation.actions import Kind
from offline.isolation.document import Document, document

Description = Mapping[str, Any]

EVERYTHING = document({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
# Stands for every role that nothing here names, whoever else an account may hold.
ANY_ADMINISTRATOR = "role/any-administrator"
_CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
# A finished object, one that writers of event logs may delete again, and a state of Pulumi.
_OBJECTS = ("some/object", "eventlog_v2_a/appstatus_a.inprogress", ".pulumi/stacks/moka/some.json")
_POLICY = "aws:iam/policy:Policy"
# Type of the component that makes the roles of pipelines, in the URNs of what it makes.
_PIPELINES = "moka:index:PipelineRoles$"
_OWN_POLICY = {"aws:kms/key:Key": "policy", "aws:iam/role:Role": "assumeRolePolicy"}
_KINDS: Mapping[str, Kind] = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:kms/key:Key": "key",
    "aws:ecr/repository:Repository": "repository",
    "aws:sqs/queue:Queue": "queue",
    "aws:sns/topic:Topic": "topic",
    "aws:iam/role:Role": "role",
}
# Policies that stand beside their resource: its kind, the property that names it, and the output that holds the name.
_BESIDE: Mapping[str, tuple[Kind, str, str]] = {
    "aws:s3/bucketPolicy:BucketPolicy": ("bucket", "bucket", "bucket"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("repository", "repository", "name"),
    "aws:sqs/queuePolicy:QueuePolicy": ("queue", "queueUrl", "url"),
    "aws:sns/topicPolicy:TopicPolicy": ("topic", "arn", "arn"),
}
_NAMED_BY = {kind: output for kind, _, output in _BESIDE.values()}


@dataclass(frozen=True)
class Principal:
    """A role of an account.

    Args:
        arn: ARN.
        policies: what it may do; everything where others decide that.
        name: logical name of a role that the program or the bootstrap makes; empty for others.
        boundary: its permissions boundary; None where it has none.
        deploys: whether it is a pipeline's, whose rights are bounded by the account and not by names alone.
    """

    arn: str
    policies: tuple[Document, ...]
    name: str = ""
    boundary: Document | None = None
    deploys: bool = False

    @property
    def made_here(self) -> bool:
        """Whether the program makes it."""
        return bool(self.name)


@dataclass(frozen=True)
class Target:
    """Something that an account owns.

    Args:
        kind: of resource.
        arn: ARN.
        policy: its own; None where it has none.
    """

    kind: Kind
    arn: str
    policy: Document | None


@dataclass(frozen=True)
class Environment:
    """One environment.

    Args:
        account: where it is.
        principals: every role of the program, every role that the program names, and one for all others.
        targets: everything that it owns and that a policy could open to others.
        endpoints: service of a VPC endpoint, such as s3, to its policy.
        service_control: of the organisation, for whoever is in the account.
        resource_control: of the organisation, for what the account owns.
    """

    account: Account
    principals: tuple[Principal, ...]
    targets: tuple[Target, ...]
    endpoints: Mapping[str, Document]
    service_control: Document
    resource_control: Document


def environment_of(stack: str, deployment: Mapping[str, Any], bootstrap: Mapping[str, Any]) -> Environment:
    """Read an environment from its deployment and from that of its account's bootstrap.

    Args:
        stack: name of the environment.
        deployment: as `pulumi stack export` has it.
        bootstrap: the same of the bootstrap's stack.
    """
    resources: Sequence[Description] = [*deployment["resources"], *bootstrap["resources"]]
    account = _account(stack, resources)
    return Environment(
        account,
        (*_roles(resources), *_people(resources, account)),
        tuple(_targets(resources, account)),
        dict(_endpoints(resources, account)),
        *organisation_policies(stack, deployment),
    )


def organisation_policies(stack: str, deployment: Mapping[str, Any]) -> tuple[Document, Document]:
    """The policies that the organisation attaches to an environment's account: service control, resource control.

    Args:
        stack: name of the environment.
        deployment: as `pulumi stack export` has it.
    """
    account = _account(stack, deployment["resources"])
    administrators = _administrators(deployment["resources"])
    return document(service_control_policy(account, administrators)), document(resource_control_policy(account))


def _account(stack: str, resources: Iterable[Description]) -> Account:
    provider = next(each["inputs"] for each in resources if each["type"] == "pulumi:providers:aws")
    return Account(stack, json.loads(provider["allowedAccountIds"])[0], provider["region"])


def _administrators(resources: Iterable[Description]) -> list[str]:
    """ARNs of those who administer the cluster: the deploy role, and people in an emergency."""
    return [
        each["inputs"]["principalArn"]
        for each in resources
        if each["type"] == "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
        and each["inputs"]["policyArn"].endswith(f"/{_CLUSTER_ADMIN}")
    ]


def _roles(resources: Sequence[Description]) -> Iterator[Principal]:
    managed = {each["outputs"]["arn"]: _read(each["inputs"]["policy"]) for each in resources if each["type"] == _POLICY}
    documents: dict[str, list[Document]] = {}
    for each in resources:
        inputs = each.get("inputs", {})
        if each["type"] == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
            documents.setdefault(inputs["role"], []).append(managed.get(inputs["policyArn"], EVERYTHING))
        elif each["type"] == "aws:iam/rolePolicy:RolePolicy":
            documents.setdefault(inputs["role"], []).append(_read(inputs["policy"]))
    for each in resources:
        if each["type"] == "aws:iam/role:Role":
            name = each["urn"].rpartition("::")[2]
            boundary = each["inputs"].get("permissionsBoundary")
            yield Principal(
                each["outputs"]["arn"],
                tuple(documents.get(each["outputs"]["name"], ())),
                name,
                managed[boundary] if boundary else None,
                _PIPELINES in each["urn"],
            )


def _people(resources: Iterable[Description], account: Account) -> Iterator[Principal]:
    """Who is let into the cluster or a role of the program, and stands outside of it."""
    named: set[str] = set()
    for each in resources:
        if each["type"] == "aws:eks/accessEntry:AccessEntry":
            named.add(each["inputs"]["principalArn"])
        elif each["type"] == "aws:iam/role:Role":
            for statement in document_of(each["inputs"]["assumeRolePolicy"])["Statement"]:
                named.update(as_list(statement["Principal"].get("AWS")))
    made = {each["outputs"]["arn"] for each in resources if each["type"] == "aws:iam/role:Role"}
    own = f"arn:{account.partition}:iam::{account.id}:{ANY_ADMINISTRATOR}"
    for arn in sorted((named - made) | {own}):
        yield Principal(arn, (EVERYTHING,))


def _targets(resources: Sequence[Description], account: Account) -> Iterator[Target]:
    beside = {
        (kind, each["inputs"][name]): _read(each["inputs"]["policy"])
        for each in resources
        for kind, name, _ in [_BESIDE.get(each["type"], ("", "", ""))]
        if kind
    }
    for each in resources:
        if kind := _KINDS.get(each["type"]):
            outputs, own = each["outputs"], _OWN_POLICY.get(each["type"], "")
            policy = _read(each["inputs"][own]) if own else beside.get((kind, outputs[_NAMED_BY[kind]]))
            yield from _with_objects(kind, outputs["arn"], policy)
        elif each["type"] == "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate":
            cached = account.arn("ecr", f"repository/{each['inputs']['prefix']}/fetched")
            yield Target("repository", cached, _read(each["inputs"]["repositoryPolicy"]))
        elif secret := each.get("inputs", {}).get("credentialArn"):
            yield Target("secret", secret, None)
    for name in _data_buckets(resources):
        yield from _with_objects("bucket", account.bucket_arn(name), None)


def _with_objects(kind: Kind, arn: str, policy: Document | None) -> Iterator[Target]:
    yield Target(kind, arn, policy)
    if kind == "bucket":
        yield from (Target("object", f"{arn}/{key}", policy) for key in _OBJECTS)


def _data_buckets(resources: Sequence[Description]) -> list[str]:
    """Names of the buckets that roles may use and the program does not make: data of teams."""
    made = {each["outputs"]["bucket"] for each in resources if each["type"] == "aws:s3/bucket:Bucket"}
    named = {
        arn.partition(":::")[2].partition("/")[0]
        for each in resources
        if each["type"] == "aws:iam/rolePolicy:RolePolicy"
        for statement in document_of(each["inputs"]["policy"])["Statement"]
        for arn in as_list(statement.get("Resource"))
        if ":s3:::" in arn
    }
    return sorted(named - made)


def _endpoints(resources: Iterable[Description], account: Account) -> Iterator[tuple[str, Document]]:
    for each in resources:
        if each["type"] == "aws:ec2/vpcEndpoint:VpcEndpoint":
            service = each["inputs"]["serviceName"].partition(f".{account.region}.")[2]
            yield service, _read(each["inputs"]["policy"])


def _read(value: Any) -> Document:
    return document(document_of(value))
