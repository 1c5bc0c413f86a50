"""Who becomes a role: exact audience and subject, token by token, and nobody by a pattern."""

import json
from typing import Any

import pytest

from components.bootstrap.settings import BootstrapSettings
from components.bootstrap.trust import deploy_trust, preview_trust
from components.identity.policies import Document
from offline.checks.iam.evaluation import Request, decide

ACCOUNT = "444444444444"
GITHUB, GITLAB = "token.actions.githubusercontent.com", "gitlab.com"
SETTINGS = BootstrapSettings.model_validate_json(
    json.dumps(
        {
            "name": "production",
            "account_id": ACCOUNT,
            "region": "us-east-1",
            "github": {"repository": "example/moka", "preview_branches": ["main", "release/1"]},
            "gitlab": {"project": "group/moka", "deploy_branch": "production"},
        }
    )
)
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider"


def becomes(trust: Document, host: str, subject: str, audience: str) -> bool:
    """Whether a token's bearer does, by the statement that trusts the token's provider."""
    tokens = [each for each in trust["Statement"] if each["Principal"] == {"Federated": f"{PROVIDER}/{host}"}]
    # AWS STS has no principal before it answers; the provider stands in for it here.
    policy = {"Statement": [{**each, "Principal": {"AWS": "*"}} for each in tokens]}
    request = Request(
        f"arn:aws:iam::{ACCOUNT}:role/token",
        "sts:AssumeRoleWithWebIdentity",
        "*",
        {f"{host}:sub": subject, f"{host}:aud": audience},
    )
    known = {key for each in tokens for keys in each["Condition"].values() for key in keys}
    assert known <= {f"{host}:sub", f"{host}:aud"}
    return bool(tokens) and decide(request, (), policy, owner=ACCOUNT) == "allowed"


@pytest.mark.parametrize(
    ("subject", "deploys", "previews"),
    [
        ("repo:example/moka:environment:production", True, False),
        ("repo:example/moka:environment:staging", False, False),
        ("repo:example/moka:environment:production-2", False, False),
        ("repo:example/moka:pull_request", False, True),
        ("repo:example/moka:ref:refs/heads/main", False, True),
        ("repo:example/moka:ref:refs/heads/release/1", False, True),
        ("repo:example/moka:ref:refs/heads/other", False, False),
        ("repo:example/moka:ref:refs/tags/main", False, False),
        ("repo:example/moka-2:environment:production", False, False),
        ("repo:other/moka:environment:production", False, False),
        ("repo:example@1/moka@2:environment:production", False, False),
        ("repo:Example/moka:environment:production", False, False),
    ],
)
def test_jobs_of_github_become_what_their_subject_says(subject: str, deploys: bool, previews: bool) -> None:
    assert becomes(deploy_trust(SETTINGS), GITHUB, subject, "sts.amazonaws.com") == deploys
    assert becomes(preview_trust(SETTINGS), GITHUB, subject, "sts.amazonaws.com") == previews


@pytest.mark.parametrize(
    ("subject", "deploys", "previews"),
    [
        ("project_path:group/moka:ref_type:branch:ref:production", True, False),
        ("project_path:group/moka:ref_type:branch:ref:main", False, True),
        ("project_path:group/moka:ref_type:tag:ref:production", False, False),
        ("project_path:group/other:ref_type:branch:ref:production", False, False),
    ],
)
def test_pipelines_of_gitlab_become_what_their_subject_says(subject: str, deploys: bool, previews: bool) -> None:
    assert becomes(deploy_trust(SETTINGS), GITLAB, subject, "https://gitlab.com") == deploys
    assert becomes(preview_trust(SETTINGS), GITLAB, subject, "https://gitlab.com") == previews


def test_a_token_that_is_made_for_somebody_else_opens_nothing() -> None:
    subject = "repo:example/moka:environment:production"
    assert not becomes(deploy_trust(SETTINGS), GITHUB, subject, "https://github.com/example")
    gitlab = "project_path:group/moka:ref_type:branch:ref:production"
    assert not becomes(deploy_trust(SETTINGS), GITLAB, gitlab, "sts.amazonaws.com")


def test_a_provider_that_is_not_set_is_not_trusted() -> None:
    alone: dict[str, Any] = {"github": None}
    without = SETTINGS.model_copy(update=alone)
    for trust in (deploy_trust(without), preview_trust(without)):
        (statement,) = trust["Statement"]
        assert statement["Principal"] == {"Federated": f"{PROVIDER}/{GITLAB}"}


@pytest.mark.parametrize("trust", [deploy_trust(SETTINGS), preview_trust(SETTINGS)])
def test_nothing_is_matched_by_a_pattern(trust: Document) -> None:
    assert "*" not in json.dumps(trust)
    for statement in trust["Statement"]:
        assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert list(statement["Condition"]) == ["StringEquals"]
