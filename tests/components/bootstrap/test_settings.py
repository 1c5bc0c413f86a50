"""The bootstrap's settings: defaults are production's, and each broken rule is told with field, value and fix."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.bootstrap.load import parse
from components.bootstrap.settings import BootstrapSettings
from components.settings_error import SettingsError

ACCOUNT = "222222222222"
ENVIRONMENT = {"account_id": ACCOUNT, "region": "us-east-1", "log_buckets": {"on_destroy": "refuse"}}
TREE = {"name": "dev", "account_id": ACCOUNT, "region": "us-east-1", "github": {"repository": "example/moka"}}


def parsed(
    stack: str = "dev",
    environment: Mapping[str, Any] = ENVIRONMENT,
    others: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    accepts_examples: bool = True,
    **changes: Any,
) -> BootstrapSettings:
    return parse(json.dumps({**TREE, **changes}), stack, environment, others or {}, accepts_examples=accepts_examples)


def refusal(*arguments: Any, **changes: Any) -> str:
    with pytest.raises(SettingsError) as error:
        parsed(*arguments, **changes)
    return str(error.value)


def test_defaults_protect_the_state_and_delete_no_logs() -> None:
    settings = parsed()
    assert settings.protect
    assert not settings.empties_buckets
    assert (settings.state.replaced_days, settings.state.replaced_versions) == (365, 100)
    assert settings.github is not None
    assert settings.github.makes_provider
    assert settings.github.preview_branches == ("main",)
    assert settings.gitlab is None


def test_the_account_is_the_environments() -> None:
    account = parsed().account
    assert (account.environment, account.id, account.region) == ("dev", ACCOUNT, "us-east-1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"github": None}, "github = None\n    rule:   must be set while gitlab is null"),
        ({"githup": {}}, "fix:    write github"),
        ({"github": {"repository": "moka"}}, "github.repository = 'moka'"),
        ({"github": {"repository": "example/*"}}, "github.repository = 'example/*'"),
        ({"github": {"repository": "example@1/moka"}}, "github.repository = 'example@1/moka'"),
        ({"github": {"repository": "example/moka", "preview_branches": ["*"]}}, "github.preview_branches.0 = '*'"),
        ({"gitlab": {"project": "moka"}}, "gitlab.project = 'moka'"),
        ({"gitlab": {"project": "group/*"}}, "gitlab.project = 'group/*'"),
        ({"account_id": 222222222222}, "account_id = 222222222222"),
        ({"region": "us-gov-west-1"}, "region = us-gov-west-1\n    rule:   must be us-east-1"),
        ({"state": {"replaced_days": 1}}, "state.replaced_days = 1"),
        ({"state": {"replaced_versions": 0}}, "state.replaced_versions = 0"),
    ],
)
def test_a_wrong_field_is_named_with_its_rule(changes: dict[str, Any], said: str) -> None:
    message = refusal(**changes)
    assert message.startswith("bootstrap/stacks/Pulumi.dev.yaml: 1 error in moka-bootstrap:settings")
    assert said in message
    for part in ("rule:   ", "reason: ", "fix:    "):
        assert part in message


@pytest.mark.parametrize("field", ["empties_buckets", "protect"])
def test_production_keeps_its_state_and_its_logs(field: str) -> None:
    environment = {**ENVIRONMENT, "log_buckets": {"on_destroy": "empty" if field == "empties_buckets" else "keep"}}
    said = refusal("production", environment, name="production", **{field: field == "empties_buckets"})
    assert (
        f"{field} = {field == 'empties_buckets'}\n    rule:   must be {str(field == 'protect').lower()} in production"
        in said
    )


def test_another_stacks_file_is_refused() -> None:
    assert "name = dev\n    rule:   must be staging, the name of the stack" in refusal("staging")


def test_two_bootstraps_of_one_account_are_refused() -> None:
    said = refusal(others={"test": {"account_id": ACCOUNT}})
    assert f"account_id = {ACCOUNT}\n    rule:   must differ from stack test's" in said


def test_the_environments_own_file_says_the_same() -> None:
    other = {"account_id": "111111111111", "region": "eu-west-1", "log_buckets": {"on_destroy": "empty"}}
    said = refusal("dev", other)
    assert "3 errors" in said
    assert f"account_id = {ACCOUNT}\n    rule:   must be 111111111111, as stacks/Pulumi.dev.yaml has it" in said
    assert "region = us-east-1\n    rule:   must be eu-west-1" in said
    assert "empties_buckets = False\n    rule:   must be true" in said


def test_logs_are_deleted_where_the_environments_destroy_empties_their_buckets() -> None:
    environment = {**ENVIRONMENT, "log_buckets": {"on_destroy": "empty"}}
    assert parsed("dev", environment, empties_buckets=True).empties_buckets


def test_an_environment_without_a_file_is_not_compared() -> None:
    assert parsed("dev", {}).name == "dev"


def test_values_of_examples_are_refused_on_a_real_cloud() -> None:
    assert "must be your own, not the account of an example" in refusal(accepts_examples=False)


def test_a_credential_is_refused_and_not_shown() -> None:
    token = f"ghp_{'a' * 36}"
    said = refusal(github={"repository": "example/moka", "token": token})
    assert token not in said


@pytest.mark.parametrize("repository", ["example/moka", "octocat@123456/moka@456789"])
def test_a_repository_is_written_as_its_tokens_say_it(repository: str) -> None:
    settings = parsed(github={"repository": repository})
    assert settings.github is not None
    assert settings.github.repository == repository
