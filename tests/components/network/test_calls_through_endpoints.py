"""A runner inside the VPC deploys through the endpoints, and nobody takes data out through them.

Not verified against AWS: which calls without a resource carry aws:ResourceAccount. They pass either way.
"""

import pytest

from offline.checks.iam.published import Action, actions_like
from offline.providers.aws.types import TYPES
from tests.components.network.endpoint_calls import Endpoint, endpoints_for, endpoints_of
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.test_program import run_program

OTHER = "999999999999"
OTHERS_ROLE = f"arn:aws:iam::{OTHER}:role/moka-deploy"
# Amazon S3's policy names what it lets through, and only pods ask EKS Auth.
INTERFACES = sorted({each.prefix for each in endpoints_of("production")} - {"s3", "eks-auth"})
# botocore's name of a service to the prefix of its actions.
SERVICES = {"amp": "aps"}


def published(prefix: str) -> tuple[Action, ...]:
    """Every action of a service."""
    found = actions_like(f"{prefix}:*")
    assert found, prefix
    return found


def name(action: Action) -> str:
    return f"{action.service}:{action.name}"


@pytest.mark.parametrize("prefix", INTERFACES)
def test_every_call_of_the_own_account_passes_whether_or_not_it_names_a_resource(prefix: str) -> None:
    for endpoint in endpoints_for("production", prefix):
        for action in published(prefix):
            owners = [endpoint.account] if action.formats else [endpoint.account, None]
            for owner in owners:
                assert endpoint.decide(name(action), owner=owner) == "allowed", (endpoint.service, action, owner)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_what_pulumi_up_calls_to_make_a_stack_passes_for_the_role_that_deploys(stack: str) -> None:
    """Each type's calls of the emulated provider, through the endpoint of their service where there is one."""
    types = {each.type for each in run_program(stack).registrations if each.type.startswith("aws:")}
    # eks.Cluster makes these as its children.
    types |= {"aws:eks/cluster:Cluster", "aws:eks/accessEntry:AccessEntry", "aws:eks/addon:Addon"}
    tree = settings(stack)
    deploys = (tree.cluster.access.ci or tree.cluster.access.admin)[0]
    calls = {(SERVICES.get(call.service, call.service), call.operation) for each in types for call in TYPES[each].calls}
    through = [(endpoint, operation) for service, operation in calls for endpoint in endpoints_for(stack, service)]
    assert {endpoint.prefix for endpoint, _ in through} >= {"eks", "kms", "logs", "ec2", "s3"}
    for endpoint, operation in through:
        owner = None if operation == "CreateBucket" else endpoint.account
        decision = endpoint.decide(f"{endpoint.prefix}:{operation}", owner=owner, role=deploys)
        assert decision == "allowed", (endpoint.service, operation)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_what_pulumi_and_kubectl_ask_without_a_resource_passes(stack: str) -> None:
    """Reads and waits: who am I, log in to registries, and lists that the providers page through."""
    for action in (
        *("sts:GetCallerIdentity", "ecr:GetAuthorizationToken", "kms:CreateKey", "kms:ListAliases"),
        *("eks:CreateCluster", "eks:ListClusters", "eks:DescribeAddonVersions", "logs:DescribeLogGroups"),
        *("ec2:DescribeVpcs", "ec2:CreateVpc", "s3:ListAllMyBuckets", "s3:CreateBucket"),
    ):
        prefix = action.split(":")[0]
        assert actions_like(action), action
        assert {each.decide(action, owner=None) for each in endpoints_for(stack, prefix)} == {"allowed"}, action


@pytest.mark.parametrize("endpoint", endpoints_of("production"), ids=lambda each: each.service)
def test_no_principal_of_another_account_passes(endpoint: Endpoint) -> None:
    for action in published(endpoint.prefix):
        for owner in (endpoint.account, OTHER, None):
            # Objects of the registries' buckets are read with signed addresses of the registries' accounts.
            resource = "arn:aws:s3:::somebodys-bucket/key" if endpoint.prefix == "s3" else "*"
            decision = endpoint.decide(name(action), owner=owner, role=OTHERS_ROLE, resource=resource)
            assert decision == "not allowed", (endpoint.service, action, owner)


@pytest.mark.parametrize("endpoint", endpoints_of("production"), ids=lambda each: each.service)
def test_no_resource_of_another_account_is_reached(endpoint: Endpoint) -> None:
    """But by actions of Amazon EC2, whose policy says why. A bucket is always made in the caller's own account."""
    reached = {
        name(action)
        for action in published(endpoint.prefix)
        if action.formats
        and endpoint.decide(name(action), owner=OTHER, resource="arn:aws:s3:::somebodys-bucket/key") == "allowed"
    }
    assert bool(reached - {"s3:createbucket"}) == (endpoint.prefix == "ec2"), reached


def test_an_object_moves_only_where_the_owner_of_its_bucket_is_told() -> None:
    """Amazon S3 is where data would leave, so a missing key is no way round."""
    (endpoint,) = endpoints_for("production", "s3")
    for action in ("s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject"):
        assert endpoint.decide(action, owner=None, resource="arn:aws:s3:::somebodys-bucket/key") == "not allowed", (
            action
        )
        assert endpoint.decide(action, owner=endpoint.account) == "allowed", action
