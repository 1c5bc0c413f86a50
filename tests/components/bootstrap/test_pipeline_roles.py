"""The roles of pipelines and their providers under mocks: what is attached to whom, and what waits for what."""

import json
from typing import Any

import pytest

from components.bootstrap.bootstrap import Bootstrap
from components.bootstrap.names import own_prefix
from components.bootstrap.settings import BootstrapSettings
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
READING = {"moka-read-foundations", "moka-read-services"}
TREE = {"name": "dev", "account_id": ACCOUNT_ID, "region": REGION, "github": {"repository": "example/moka"}}


def build(**changes: Any) -> Recorder:
    settings = BootstrapSettings.model_validate_json(json.dumps({**TREE, **changes}))
    return record(lambda: Bootstrap("bootstrap", settings))


def attached(recorder: Recorder, role: str) -> set[str]:
    """Names of the policies of a role."""
    return {
        each.inputs["policyArn"].rpartition("/")[2] for each in recorder.of(ATTACHMENT) if each.inputs["role"] == role
    }


def document(recorder: Recorder, name: str) -> dict[str, Any]:
    return {each["Sid"]: each for each in json.loads(recorder.named(POLICY, name).inputs["policy"])["Statement"]}


def test_the_preview_role_has_what_reads_and_nothing_else() -> None:
    recorder = build()
    assert attached(recorder, "moka-preview") == {*READING, "moka-read-state"}


def test_the_deploy_role_has_what_reads_and_what_writes_and_both_have_the_boundary() -> None:
    recorder = build()
    changing = {"buckets", "cluster", "identity", "keys", "network", "services"}
    expected = {*READING, "moka-write-state", *(f"moka-deploy-{each}" for each in changing)}
    assert attached(recorder, "moka-deploy") == expected
    for role in ("moka-deploy", "moka-preview"):
        assert recorder.named(ROLE, role).inputs["permissionsBoundary"].endswith("/moka-pipeline-boundary")


def test_sessions_are_as_long_as_a_run() -> None:
    recorder = build()
    assert recorder.named(ROLE, "moka-deploy").inputs["maxSessionDuration"] == 7200
    assert recorder.named(ROLE, "moka-preview").inputs["maxSessionDuration"] == 3600


@pytest.mark.parametrize("empties", [True, False])
def test_logs_are_deleted_only_where_a_destroy_empties_their_buckets(empties: bool) -> None:
    statements = document(build(empties_buckets=empties), "moka-deploy-buckets")
    assert ("DeleteLogs" in statements) == ("ListLogs" in statements) == empties


def test_nothing_that_the_bootstrap_makes_is_called_as_what_the_environment_makes() -> None:
    recorder = build()
    prefix = own_prefix(BootstrapSettings.model_validate_json(json.dumps(TREE)).account)
    names = [each.inputs.get("name") or each.inputs.get("bucket", "") for each in recorder.made]
    assert "moka-deploy" in names
    assert [each for each in names if each.startswith(prefix)] == []


def test_github_vouches_for_its_jobs_to_aws_sts_alone() -> None:
    provider = build().only(PROVIDER).inputs
    assert provider == {
        "url": "https://token.actions.githubusercontent.com",
        "clientIdLists": ["sts.amazonaws.com"],
    }


def test_gitlab_has_a_provider_of_its_own_by_setting() -> None:
    recorder = build(gitlab={"host": "gitlab.internal.dev", "project": "group/moka"})
    assert {each.inputs["url"]: each.inputs["clientIdLists"] for each in recorder.of(PROVIDER)} == {
        "https://token.actions.githubusercontent.com": ["sts.amazonaws.com"],
        "https://gitlab.internal.dev": ["https://gitlab.internal.dev"],
    }


def test_a_provider_that_the_account_has_is_not_made_again() -> None:
    recorder = build(github={"repository": "example/moka", "makes_provider": False})
    assert recorder.of(PROVIDER) == []
    assert (
        "oidc-provider/token.actions.githubusercontent.com"
        in recorder.named(ROLE, "moka-deploy").inputs["assumeRolePolicy"]
    )


def test_roles_wait_for_who_vouches_and_the_boundary_of_roles_is_there_for_the_environment() -> None:
    recorder = build()
    for name in ("moka-deploy", "moka-preview"):
        waits = recorder.named(ROLE, name).depends_on
        assert f"{PROVIDER}::token-providers-github" in waits
    assert recorder.named(POLICY, "moka-role-boundary")
