"""From no environment can anybody write, delete or open what another one owns: all roles, all resources, all layers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from offline.isolation.document import document
from offline.isolation.environment import ANY_ADMINISTRATOR, EVERYTHING, Environment, Principal
from offline.isolation.iam_simulate import disagreements
from offline.isolation.layers import OPEN_TO_ALL
from offline.isolation.matrix import locked_out, matrix_of
from offline.isolation.own_work import SHARED, OwnWork, own_work_of
from offline.isolation.second_opinion import Question, questions
from offline.progress import say
from tests.stack_files import ENVIRONMENTS, settings
from tests.stacks.conftest import StacksThatAreUp


@pytest.fixture(scope="module")
def works(stacks: StacksThatAreUp, bootstraps: StacksThatAreUp) -> list[OwnWork]:
    """All four, as `up` makes them and their bootstraps, with what their programs do."""
    for stack in ENVIRONMENTS:
        stacks.up(stack)
        bootstraps.up(stack)
    return [
        own_work_of(stack, settings(stack), stacks.engine.export(stack), bootstraps.engine.export(stack))
        for stack in ENVIRONMENTS
    ]


@pytest.fixture(scope="module")
def environments(works: list[OwnWork]) -> list[Environment]:
    return [each.environment for each in works]


@pytest.fixture(scope="module")
def pair(environments: list[Environment]) -> tuple[Environment, Environment]:
    """Dev and production, each with four roles: enough to see a hole."""

    def few(environment: Environment) -> Environment:
        kept = ("fluent-bit-pod", "spark-analytics-spark-pod", "moka-deploy", ANY_ADMINISTRATOR)
        return replace(
            environment, principals=tuple(each for each in environment.principals if each.arn.endswith(kept))
        )

    dev, production = environments[1], environments[3]
    return few(dev), few(production)


def test_every_role_and_everything_that_an_account_owns_is_asked_about(environments: list[Environment]) -> None:
    production = environments[3]
    roles = {each.arn.rpartition("/")[2] for each in production.principals}
    assert {
        "moka-production-fluent-bit-pod",
        "moka-production-karpenter-pod",
        "moka-production-spark-ingest-spark-pod",
        "moka-production-history-server-pod",
        "moka-production-platform-log-reader",
        "moka-break-glass",
        "moka-deploy",
        "moka-preview",
        "moka-operator",
        "moka-viewer",
        "analytics",
    } <= roles
    assert {each.kind for each in production.targets} == {
        "bucket", "object", "key", "repository", "queue", "topic", "role", "secret",
    }  # fmt: skip
    named = " ".join(each.arn for each in production.targets)
    for part in (
        "spark-logs",
        "production-ingest",
        "moka-state-444444444444",
        ".pulumi/stacks/",
        "teams/analytics",
        "ghcr.io/fetched",
    ):
        assert part in named, part


def test_every_layer_refuses_every_request_and_the_second_opinion_is_the_same(environments: list[Environment]) -> None:
    matrix = matrix_of(environments)
    # A layer that is gone fails tens of thousands of times, which pytest would compare and explain one by one.
    assert (len(matrix.failures), matrix.failures[:5]) == (0, [])
    assert len({(each.source.account, each.owner.account) for each, _ in matrix.asked}) == 12
    assert min(len(refusing) for _, refusing in matrix.asked) >= 2, "one may fail on any day"
    assert matrix.in_one_account > len(matrix.asked) / 2
    asked = list(questions(matrix.asked))
    # Every layer taken away lets the request pass, or the proof could not fail.
    assert sum(each.allowed for each in asked) > len(asked) / 8
    assert disagreements(asked, say) == []


def test_an_answer_that_differs_is_told(pair: tuple[Environment, Environment]) -> None:
    asked = list(questions(matrix_of(pair).asked))[:1]
    wrong = [Question(each.words, each.simulation, not each.allowed) for each in asked]
    (told,) = disagreements(wrong, say)
    assert told.startswith(asked[0].words)
    assert told.endswith("allowed by the project's evaluator, ExplicitlyDenied by iam-simulate")
    unknown = {**asked[0].simulation, "request": {**asked[0].simulation["request"], "action": "s3:FlyObject"}}
    (told,) = disagreements([Question("flying", unknown, allowed=False)], say)
    assert "invalid.action" in told


def with_policy(kind: str, part: str) -> Callable[[Environment], Environment]:
    """Opens the policy of the resources whose ARN holds a word."""

    def change(environment: Environment) -> Environment:
        def opened(target: Any) -> Any:
            return replace(target, policy=OPEN_TO_ALL) if target.kind == kind and part in target.arn else target

        return replace(environment, targets=tuple(map(opened, environment.targets)))

    return change


def with_endpoint(service: str) -> Callable[[Environment], Environment]:
    """Gives an endpoint the policy that AWS gives to one without any."""
    return lambda environment: replace(environment, endpoints={**environment.endpoints, service: OPEN_TO_ALL})


def without(layer: str, sid: str) -> Callable[[Environment], Environment]:
    """Takes a statement out of an organisation's policy."""

    def change(environment: Environment) -> Environment:
        content = getattr(environment, layer).content
        kept = [each for each in content["Statement"] if each["Sid"] != sid]
        assert len(kept) == len(content["Statement"]) - 1
        return replace(environment, **{layer: document({**content, "Statement": kept})})

    return change


def with_role(name: str) -> Callable[[Environment], Environment]:
    """Gives a role of the program objects of every bucket."""
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}

    def change(environment: Environment) -> Environment:
        def widened(principal: Principal) -> Principal:
            more = document({"Version": "2012-10-17", "Statement": [statement]})
            own = principal.arn.endswith(name)
            return replace(principal, policies=(*principal.policies, more)) if own else principal

        return replace(environment, principals=tuple(map(widened, environment.principals)))

    return change


def without_boundary(name: str, sid: str) -> Callable[[Environment], Environment]:
    """Takes a statement out of the permissions boundary of a role."""

    def change(environment: Environment) -> Environment:
        def narrowed(principal: Principal) -> Principal:
            if not principal.arn.endswith(name):
                return principal
            assert principal.boundary
            content = principal.boundary.content
            kept = [each for each in content["Statement"] if each["Sid"] != sid]
            assert len(kept) == len(content["Statement"]) - 1
            return replace(principal, boundary=document({**content, "Statement": kept}))

        return replace(environment, principals=tuple(map(narrowed, environment.principals)))

    return change


@pytest.mark.parametrize(
    ("dev", "production", "layer", "action"),
    [
        (None, with_policy("bucket", "spark-logs"), "resource", "s3:PutBucketPolicy"),
        (None, with_policy("object", "system-logs"), "resource", "s3:PutObject"),
        (None, with_policy("key", ""), "resource", "kms:Decrypt"),
        (None, with_policy("repository", "moka/spark"), "resource", "ecr:PutImage"),
        (None, with_policy("queue", ""), "resource", "sqs:SendMessage"),
        (None, with_policy("topic", "alerts"), "resource", "sns:Publish"),
        (None, with_policy("role", "node"), "resource", "sts:AssumeRole"),
        (with_endpoint("s3"), None, "endpoint", "s3:PutObject"),
        (with_endpoint("kms"), None, "endpoint", "kms:Decrypt"),
        (without("service_control", "DenyOtherAccountsResources"), None, "service control", "kms:Decrypt"),
        (without("service_control", "DenyOtherAccountsBuckets"), None, "service control", "s3:PutObject"),
        (without("service_control", "DenyOtherAccountsRepositories"), None, "service control", "ecr:PutImage"),
        (None, without("resource_control", "DenyOtherAccounts"), "resource control", "s3:PutObject"),
        (None, without("resource_control", "DenyRolesToOtherAccounts"), "resource control", "sts:AssumeRole"),
        (with_role("fluent-bit-pod"), None, "identity", "s3:PutObject"),
        (with_role("moka-deploy"), None, "identity", "s3:PutObject"),
        (without_boundary("fluent-bit-pod", "DenyOtherAccountsBuckets"), None, "boundary", "s3:PutObject"),
        (without_boundary("moka-deploy", "DenyOtherAccountsResources"), None, "boundary", "kms:PutKeyPolicy"),
        (None, with_policy("object", "moka-state"), "resource", "s3:PutObject"),
    ],
)
def test_a_hole_in_one_layer_is_found_though_the_others_still_refuse(
    pair: tuple[Environment, Environment],
    dev: Callable[[Environment], Environment] | None,
    production: Callable[[Environment], Environment] | None,
    layer: str,
    action: str,
) -> None:
    source, owner = pair
    failures = matrix_of([dev(source) if dev else source, production(owner) if production else owner]).failures
    assert [
        each for each in failures if each.startswith(action) and each.endswith(f"let through by the {layer} policy.")
    ]


def test_the_programs_roles_stay_out_where_two_environments_share_an_account(
    pair: tuple[Environment, Environment],
) -> None:
    source, owner = pair
    assert not [each for each in matrix_of(pair).failures if "in one account" in each]
    failures = matrix_of([with_role("fluent-bit-pod")(source), owner]).failures
    assert [each for each in failures if each.endswith("/some/object is allowed where both are in one account.")]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_administrators_can_mend_every_policy_of_their_own_environment(
    environments: list[Environment], stack: str
) -> None:
    environment = environments[ENVIRONMENTS.index(stack)]
    assert locked_out(environment) == []
    assert [each for each in environment.principals if not each.made_here and each.arn.endswith(ANY_ADMINISTRATOR)]


def test_a_policy_that_shuts_everybody_out_is_found(pair: tuple[Environment, Environment]) -> None:
    _, production = pair
    shut = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    bucket = next(each for each in production.targets if each.kind == "bucket" and each.policy)
    assert bucket.policy
    closed = document({"Version": "2012-10-17", "Statement": [*bucket.policy.content["Statement"], shut]})
    targets = (replace(bucket, policy=closed), *(each for each in production.targets if each is not bucket))
    found = locked_out(replace(production, targets=targets))
    assert len(found) == 3
    assert found[0].endswith(f"on {bucket.arn} is refused: an administrator could not mend its policy.")
    orphaned = [replace(each, policy=document({"Statement": []})) for each in production.targets if each.kind == "key"]
    assert len(locked_out(replace(production, targets=tuple(orphaned)))) == len(orphaned), (
        "nobody may change its policy"
    )


def test_who_administers_and_what_aws_may_change_counts_as_everything(environments: list[Environment]) -> None:
    everything = {each.arn.rpartition("/")[2] for each in environments[1].principals if EVERYTHING in each.policies}
    for part in (
        "moka-platform",
        "analytics",
        "nodes-node",
        "cluster-vpc-cni-pod",
        "cluster-ebs-csi-pod",
    ):
        assert any(part in each for each in everything), part
    own = ("spark", "fluent-bit", "karpenter", "moka-deploy", "moka-preview")
    assert not [each for each in everything if any(part in each for part in own)]


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_every_program_does_its_own_work_with_every_layer_in_force(works: list[OwnWork], stack: str) -> None:
    work = works[ENVIRONMENTS.index(stack)]
    assert len(list(work.requests())) > 200
    assert list(work.refused()) == []


def test_a_layer_that_keeps_a_program_from_its_work_is_named(works: list[OwnWork]) -> None:
    production = works[3]
    bounds = production.environment.service_control.content
    denial = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    narrow = document({**bounds, "Statement": [*bounds["Statement"], denial]})
    refused = list(replace(production, environment=replace(production.environment, service_control=narrow)).refused())
    assert refused
    assert all(each.startswith("s3:PutObject by ") for each in refused)
    assert all(each.endswith("is its own work, and service control refuses it.") for each in refused)


@pytest.mark.parametrize("stack", ["staging", "production"])
def test_no_team_reads_or_writes_what_another_team_has(works: list[OwnWork], stack: str) -> None:
    work = works[ENVIRONMENTS.index(stack)]
    assert len(work.teams) == 2
    asked = list(work.between_teams())
    assert [words for words, is_refused in asked if not is_refused] == []
    for action, part in (
        ("s3:PutObject", "teams/spark-ingest/eventlog_v2_"),
        ("s3:GetObject", "spark/spark-analytics/"),
        ("s3:DeleteObject", f"{stack}-analytics/"),
        ("athena:GetQueryResults", "workgroup/moka-"),
    ):
        assert [words for words, _ in asked if words.startswith(f"{action} by ") and part in words], (action, part)


def test_a_team_that_is_given_what_another_one_has_is_found(works: list[OwnWork]) -> None:
    production = works[3]
    logs = "arn:aws:s3:::moka-production-spark-events-444444444444-us-east-1/teams/*"
    more = document({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": logs}]})

    def widened(principal: Principal) -> Principal:
        own = principal.name == "spark-ingest-spark-pod"
        return replace(principal, policies=(*principal.policies, more)) if own else principal

    principals = tuple(map(widened, production.environment.principals))
    changed = replace(production, environment=replace(production.environment, principals=principals))
    found = [words for words, is_refused in changed.between_teams() if not is_refused]
    assert found
    assert all("spark-ingest-spark-pod" in each and each.endswith("which is team analytics's,") for each in found)


def test_what_teams_share_is_listed_with_a_reason_and_nothing_is_listed_that_they_do_not_share(
    works: list[OwnWork],
) -> None:
    requests = [(asked.action, asked.resource) for _, asked in works[3].requests()]
    for (action, part), reason in SHARED.items():
        assert reason
        assert [each for each in requests if each[0].startswith(action) and part in each[1]], (action, part)
