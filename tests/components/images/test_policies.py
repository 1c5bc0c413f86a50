"""Who may use repositories, judged request by request, and what a lifecycle takes away."""

import json

import pytest

from components.account import Account
from components.identity.policies import Document
from components.images.policies import (
    PULL,
    PUSH,
    lifecycle_policy,
    publisher_policy,
    publisher_trust,
    repository_policy,
    template_policy,
)
from components.network.endpoint_policies import ecr_policy
from offline.checks.iam.evaluation import Decision, Request, decide, passes
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
OWNER, OTHER = (f"arn:aws:iam::{ACCOUNT_ID}:role/{each}" for each in ("analytics", "ingest"))
STRANGER = "arn:aws:iam::999999999999:role/analytics"
REPOSITORY = ACCOUNT.arn("ecr", "repository/teams/analytics/spark")
EVERYTHING: Document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]}
TEAM = repository_policy(ACCOUNT, owners=[OWNER], pushers=[OWNER])


def asked(role: str, action: str, policy: Document, *identity: Document) -> Decision:
    return decide(Request(role, action, REPOSITORY), identity, policy, owner=ACCOUNT_ID)


@pytest.mark.parametrize("action", [*PULL, *PUSH])
def test_a_teams_owners_push_and_pull_without_rights_of_their_own(action: str) -> None:
    assert asked(OWNER, action, TEAM) == "allowed"


@pytest.mark.parametrize("action", ["ecr:BatchDeleteImage", "ecr:DeleteRepository", "ecr:SetRepositoryPolicy"])
def test_they_delete_nothing_and_open_it_to_nobody(action: str) -> None:
    """A tag that is deleted can be pushed anew with other bytes."""
    assert asked(OWNER, action, TEAM) != "allowed"


@pytest.mark.parametrize("action", PUSH)
def test_nobody_else_pushes_whatever_rights_they_have(action: str) -> None:
    assert asked(OTHER, action, TEAM, EVERYTHING) == "denied"


@pytest.mark.parametrize("action", PULL)
def test_nodes_pull_by_their_own_rights(action: str) -> None:
    assert asked(OTHER, action, TEAM, EVERYTHING) == "allowed"
    assert asked(OTHER, action, TEAM) != "allowed"


@pytest.mark.parametrize("action", [*PULL, *PUSH])
@pytest.mark.parametrize("policy", [TEAM, repository_policy(ACCOUNT)], ids=["team", "plain"])
def test_other_accounts_neither_push_nor_pull(action: str, policy: Document) -> None:
    assert asked(STRANGER, action, policy, EVERYTHING) == "denied"


def test_services_of_aws_are_no_other_account() -> None:
    """Amazon ECR itself fetches what a cache is asked for, and scans."""
    (denial,) = repository_policy(ACCOUNT)["Statement"]
    assert denial["Condition"]["Bool"] == {"aws:PrincipalIsAWSService": "false"}


@pytest.mark.parametrize("action", ["ecr:BatchImportUpstreamImage", *PULL])
def test_a_pull_through_a_cache_passes_the_endpoints_for_this_account_alone(action: str) -> None:
    cached = ACCOUNT.arn("ecr", "repository/quay.io/prometheus/prometheus")
    request = Request(OTHER, action, cached, {"aws:ResourceAccount": ACCOUNT_ID})
    assert passes(request, ecr_policy(ACCOUNT)) == "allowed"
    elsewhere = Request(
        OTHER, action, cached.replace(ACCOUNT_ID, "999999999999"), {"aws:ResourceAccount": "999999999999"}
    )
    assert passes(elsewhere, ecr_policy(ACCOUNT)) != "allowed"
    assert (
        passes(Request(STRANGER, action, cached, {"aws:ResourceAccount": ACCOUNT_ID}), ecr_policy(ACCOUNT)) != "allowed"
    )


@pytest.mark.parametrize(
    ("action", "repository", "expected"),
    [
        ("ecr:PutImage", "moka/spark", True),
        ("ecr:BatchGetImage", "moka/spark", True),
        ("ecr:PutImage", "moka/spark-other", False),
        ("ecr:PutImage", "teams/analytics/spark", False),
        ("ecr:BatchDeleteImage", "moka/spark", False),
        ("ecr:CreateRepository", "moka/spark", False),
    ],
)
def test_the_publisher_pushes_to_the_projects_own_repositories_alone(
    action: str, repository: str, expected: bool
) -> None:
    policy = publisher_policy(ACCOUNT, ["moka/spark"])
    request = Request(OTHER, action, ACCOUNT.arn("ecr", f"repository/{repository}"))
    assert (decide(request, [policy], owner=ACCOUNT_ID) == "allowed") is expected


def test_only_jobs_of_one_environment_of_one_repository_become_the_publisher() -> None:
    (statement,) = publisher_trust(ACCOUNT, "example/moka", "production")["Statement"]
    assert statement["Principal"] == {
        "Federated": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/token.actions.githubusercontent.com"
    }
    assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    assert statement["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example/moka:environment:production",
        }
    }


@pytest.mark.parametrize(("repository", "expected"), [("quay.io/prometheus/prometheus", True), ("moka/spark", False)])
def test_amazon_ecr_makes_repositories_of_caches_and_no_others(repository: str, expected: bool) -> None:
    policy = template_policy(ACCOUNT, "arn:aws:kms:us-east-1:222222222222:key/images", ["quay.io"])
    request = Request(OTHER, "ecr:CreateRepository", ACCOUNT.arn("ecr", f"repository/{repository}"))
    assert (decide(request, [policy], owner=ACCOUNT_ID) == "allowed") is expected


def test_a_lifecycle_takes_what_nothing_names_and_the_oldest_versions() -> None:
    untagged, tagged = json.loads(lifecycle_policy(500, 14))["rules"]
    assert untagged["selection"] == {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": 14,
    }
    assert tagged["selection"] == {
        "tagStatus": "tagged",
        "tagPatternList": ["*"],
        "countType": "imageCountMoreThan",
        "countNumber": 500,
    }
    assert untagged["rulePriority"] < tagged["rulePriority"]
