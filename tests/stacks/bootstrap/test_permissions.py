"""The roles of pipelines may do what a run asks for, and nothing else: every call of every stack, both ways."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from components.bootstrap.deploy_identity import ATTACHED, LINKED, PASSED_TO
from components.bootstrap.names import DEPLOY_ROLE, PREVIEW_ROLE
from components.encryption import administered_by_account
from components.identity.policies import document
from components.identity.programs.call import Asked
from offline.checks.aws_rules.policies import MANAGED_POLICIES, counted
from offline.checks.iam.grants import unused_grants
from offline.checks.iam.published import actions_like
from offline.isolation.iam_simulate import disagreements
from offline.isolation.second_opinion import Question
from offline.permissions.table import CALLS
from offline.progress import say
from offline.providers.aws.types import TYPES
from tests.stack_files import ENVIRONMENTS
from tests.stacks.bootstrap.conftest import FULLEST
from tests.stacks.bootstrap.pipelines import Pipelines

Everywhere = Mapping[str, Pipelines]
ROLES = (DEPLOY_ROLE, PREVIEW_ROLE)
# What opens data that an environment holds: objects, messages, log lines, rows, metrics, images, secrets.
OPENS_DATA = (
    "athena:GetQuery*",
    "aps:Query*",
    "aps:GetSeries",
    "dynamodb:*Item",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "glue:GetPartition",
    "glue:GetPartitions",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "logs:StartQuery",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter*",
)
# What iam-simulate has no type of resource for, where it is asked of listeners and target groups: an error, no answer.
UNKNOWN_TO_THE_SECOND_OPINION = ("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("stack", [*ENVIRONMENTS, FULLEST])
def test_each_role_may_do_what_its_runs_ask_for_with_every_layer_in_force(
    pipelines: Everywhere, stack: str, name: str
) -> None:
    here = pipelines[stack]
    asked = here.asked(name)
    assert len(asked) > (1000 if name == DEPLOY_ROLE else 300)
    refused = [
        (each.action, each.resource, layer) for each in asked if (layer := here.work.refused_by(here.role(name), each))
    ]
    assert refused == [], "allow it in components/bootstrap, or take the call out of offline/permissions"


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("empties", [True, False])
def test_each_role_is_granted_nothing_that_no_run_asks_for(pipelines: Everywhere, name: str, empties: bool) -> None:
    """Of all environments together: what one of them has switched off, another one has."""
    stacks = [stack for stack in pipelines if (stack == "test") == empties or stack == FULLEST]
    here = pipelines["test" if empties else "production"]
    own = here.work.environment.account
    policies = {str(index): each.content for index, each in enumerate(here.role(name).policies)}
    requests = [
        here.work.request(here.role(name), as_if_here(each, pipelines[stack], own.id, own.environment, here))
        for stack in {*stacks, "production", "staging"}
        for each in pipelines[stack].asked(name)
    ]
    unused = [str(each) for each in unused_grants(policies, requests)]
    assert unused == [], "take it out of components/bootstrap, or put the call into offline/permissions"


def as_if_here(asked: Asked, there: Pipelines, account: str, environment: str, here: Pipelines) -> Asked:
    """The same request with names of another environment: policies differ by names alone."""
    source = there.work.environment.account
    text = json.dumps([asked.action, asked.resource, dict(asked.context)])
    for old, new in (
        (there.key_arn, here.key_arn),
        (source.id, account),
        (f"moka-{source.environment}", f"moka-{environment}"),
        (f"moka_{source.environment}", f"moka_{environment}"),
        (f"/moka/{source.environment}/", f"/moka/{environment}/"),
    ):
        text = text.replace(old, new)
    return Asked(*json.loads(text))


def test_the_policies_that_are_attached_the_services_that_get_roles_and_those_that_link_one_are_all_in_use(
    pipelines: Everywhere,
) -> None:
    asked = [each for here in pipelines.values() for each in here.asked(DEPLOY_ROLE)]

    def values(key: str) -> set[str]:
        return {str(each.context[key]) for each in asked if key in each.context}

    assert values("iam:PolicyARN") == {f"arn:aws:iam::aws:policy/{each}" for each in ATTACHED}
    assert values("iam:PassedToService") == {f"{each}.amazonaws.com" for each in PASSED_TO}
    assert values("iam:AWSServiceName") == {f"{each}.amazonaws.com" for each in LINKED}


def test_every_type_that_the_program_makes_has_its_calls_and_no_other_has(pipelines: Everywhere) -> None:
    made = {each["type"] for here in pipelines.values() for each in here.resources if each["type"].startswith("aws:")}
    assert made <= CALLS.keys()
    assert CALLS.keys() <= TYPES.keys()
    assert CALLS.keys() - made == set()


def test_the_preview_role_writes_nothing(pipelines: Everywhere) -> None:
    for here in pipelines.values():
        changing = {
            each.action
            for each in here.asked(DEPLOY_ROLE)
            if each.action not in {one.action for one in here.asked(PREVIEW_ROLE)}
        }
        assert {"s3:PutObject", "iam:CreateRole", "kms:PutKeyPolicy", "ec2:CreateVpc"} <= changing
        allowed = [
            (each.action, each.resource)
            for each in here.asked(DEPLOY_ROLE)
            if each.action in changing and here.by_its_own(PREVIEW_ROLE, each) == "allowed"
        ]
        assert allowed == []


@pytest.mark.parametrize("name", ROLES)
def test_no_role_opens_what_an_environment_holds(pipelines: Everywhere, name: str) -> None:
    here = pipelines["production"]
    granted = {
        f"{action.service}:{action.name}"
        for policy in here.role(name).policies
        for statement in policy.content["Statement"]
        for pattern in statement["Action"]
        for action in actions_like(pattern)
    }
    opening = {f"{each.service}:{each.name}" for pattern in OPENS_DATA for each in actions_like(pattern)}
    # Amazon ECR logs in to another registry with the one secret that is made for it.
    expected = {"secretsmanager:getsecretvalue"} if name == DEPLOY_ROLE else set[str]()
    assert granted & opening == expected


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_neither_reads_objects_of_logs_nor_decrypts_beyond_the_state(
    pipelines: Everywhere, stack: str, name: str
) -> None:
    here = pipelines[stack]
    environment, role = here.work.environment, here.role(name)
    buckets = [each.arn for each in environment.targets if each.kind == "bucket" and each.arn != here.bucket_arn]
    assert len(buckets) > 3
    keys = [each.arn for each in environment.targets if each.kind == "key" and each.arn != here.key_arn]
    asked = [*(("s3:GetObject", f"{each}/spark/a.log") for each in buckets), *(("kms:Decrypt", each) for each in keys)]
    for action, resource in asked:
        assert here.work.refused_by(
            role, Asked(action, resource, {"aws:RequestedRegion": environment.account.region})
        ), (action, resource)


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_policies_fit_what_iam_takes_with_room_for_another_account_and_region(
    pipelines: Everywhere, stack: str
) -> None:
    here = pipelines[stack]
    for resource in here.bootstrap:
        if resource["type"] == "aws:iam/policy:Policy":
            longest = resource["inputs"]["policy"].replace("us-east-1", "ap-southeast-1")
            assert counted(longest) <= 6144, resource["urn"]
        elif resource["type"] == "aws:iam/role:Role":
            assert counted(resource["inputs"]["assumeRolePolicy"]) <= 2048
    attached: dict[str, int] = {}
    for resource in here.bootstrap:
        if resource["type"] == "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
            attached[resource["inputs"]["role"]] = attached.get(resource["inputs"]["role"], 0) + 1
    assert set(attached) == set(ROLES)
    assert max(attached.values()) <= MANAGED_POLICIES


def test_the_second_opinion_is_the_same(pipelines: Everywhere) -> None:
    asked = list(simulations(pipelines.values()))
    assert sum(each.allowed for each in asked) > 500
    assert sum(not each.allowed for each in asked) > 200
    assert disagreements(asked, say) == []


def simulations(everywhere: Iterable[Pipelines]) -> Iterable[Question]:
    """The deploy role's requests, asked by both roles, by identity policies and boundary alone, for iam-simulate.

    Of requests that differ in the last part of a name alone, one is asked.
    """
    for here in everywhere:
        unlike = {
            (each.action, each.resource.rpartition("/")[0], str(each.context)): each
            for each in here.asked(DEPLOY_ROLE)
            if each.action not in UNKNOWN_TO_THE_SECOND_OPINION
        }
        for name in ROLES:
            yield from (question(here, name, each) for each in unlike.values())


def question(here: Pipelines, name: str, asked: Asked) -> Question:
    role = here.role(name)
    simulation: dict[str, Any] = {
        "request": {
            "principal": role.arn,
            "action": asked.action,
            "resource": {"resource": asked.resource, "accountId": here.work.environment.account.id},
            "contextVariables": here.work.request(role, asked).keys(),
        },
        "identityPolicies": [
            {"name": str(index), "policy": policy.content} for index, policy in enumerate(role.policies)
        ],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if ":key/" in asked.resource:
        # By itself no key lets the account's own policies count; each of the program's does.
        simulation["resourcePolicy"] = document(administered_by_account(here.work.environment.account))
    if role.boundary is not None:
        simulation["permissionBoundaryPolicies"] = [{"name": "boundary", "policy": role.boundary.content}]
    words = f"{asked.action} by {name} on {asked.resource}"
    return Question(words, simulation, allowed=here.by_its_own(name, asked) == "allowed")
