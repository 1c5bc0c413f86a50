"""Credentials in settings and configuration: refused in every place, and shown by no message."""

import json
import runpy
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.credentials import forms_of, is_for_a_secret, redacted, rules_of_configuration, without_credentials
from components.footprint import other_footprints
from components.model import Violation
from components.settings import STACKS, parse
from components.settings_error import SettingsError
from components.settings_tree import texts
from tests.recorder import Recorder, record
from tests.secrets.planted import MARK, planted
from tests.stack_files import ENVIRONMENTS, TODAY, Tree, settings_tree

PROJECT = Path(__file__).parents[2]
# Put together here, so that no scanner of sources takes them for somebody's.
CREDENTIALS = {
    "an access key of AWS": "AKIA" + "Q7N3" * 4,
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    "a URL with a password": "https://robot:" + "hunter2@registry.internal/charts",
    "a URL with a credential in its query": "https://intake.internal/v1?api_key=" + "0a1b2c",
    "a JSON Web Token": ".".join(("eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJhIn0x", "c2lnbmF0dXJl")),
    "a token of GitHub": "ghp_" + "a1B2" * 9,
    "a token of GitLab": "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "a token of Slack": "xoxb-" + "1234567890-abcdef",
    "the address of an incoming webhook": "https://hooks.slack.com/" + "services/T0/B0/XXXX",
}
FIELDS_OF_SECRETS = {
    "alerts": {"heartbeat_secret": "heartbeat", "receivers": {"chat": {"kind": "webhook", "secret": "chat"}}},
    "images": {"credentials": {"docker.io": "arn:aws:secretsmanager:us-east-1:222222222222:secret:hub"}},
    "monitoring": {
        "forward_to": {"url": "https://store.internal/write", "headers_secret": {"name": "store", "key": "headers"}}
    },
    "spark": {"live_ui": {"client_id": "spark", "secret": "login"}},
}


def message_of(stack: str, tree: Tree) -> str:
    with pytest.raises(SettingsError) as refused:
        parse(json.dumps(tree), stack, other_footprints(STACKS, stack), TODAY, accepts_examples=True)
    return str(refused.value)


def placed(tree: Tree, path: tuple[str, ...], value: str) -> Tree:
    """A copy of a tree with another text at a path."""
    changed = deepcopy(tree)
    at: Any = changed
    for key in path[:-1]:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[int(path[-1]) if isinstance(at, list) else path[-1]] = value
    return changed


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_each_form_is_recognised_alone_and_hidden_in_a_sentence(kind: str) -> None:
    value = CREDENTIALS[kind]
    assert kind in forms_of(value)
    hidden = without_credentials(f"somebody wrote {value} there")
    assert hidden.startswith("somebody wrote ")
    assert hidden.endswith(" there")
    assert forms_of(hidden) == []


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:secretsmanager:us-east-1:222222222222:secret:ecr-pullthroughcache/docker-hub-a1b2c3",
        "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-0a1b2c3d-0000-4000-8000-000000000000/api/v1/push",
        "registry.internal:5000/moka@sha256:" + "0a1b2c3d" * 8,
        "https://login.internal/realms/data?page=3",
        "ops@company.internal",
    ],
)
def test_addresses_and_names_are_no_credentials(value: str) -> None:
    assert forms_of(value) == []


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_a_credential_in_any_text_of_the_settings_is_refused_and_not_shown(stack: str) -> None:
    tree = settings_tree(stack)
    for path, _ in texts(tree):
        value = planted("Settings")
        message = message_of(stack, placed(tree, path, f"https://robot:{value}@host.internal/"))
        assert MARK not in message, path
        assert f"  {'.'.join(path)} = [hidden]\n    rule:   must not be a URL with a password" in message


@pytest.mark.parametrize("path", [path for path, _ in texts(FIELDS_OF_SECRETS)], ids=".".join)
def test_a_secret_where_the_name_of_one_belongs_is_refused_and_not_shown(path: tuple[str, ...]) -> None:
    tree = settings_tree("dev") | deepcopy(FIELDS_OF_SECRETS)
    if not any(map(is_for_a_secret, path)):
        return
    message = message_of("dev", placed(tree, path, f"{planted('Field')} and more"))
    assert MARK not in message
    assert f"  {'.'.join(path)} = " in message


@pytest.mark.parametrize(
    "unknown",
    [
        {"password": "VALUE"},
        {"api_key": "VALUE"},
        {"defaults": {"spark.hadoop.fs.s3a.secret.key": "VALUE"}},
        {"headers": [{"name": "x", "authToken": "VALUE"}]},
    ],
    ids=json.dumps,
)
def test_a_secret_under_a_key_that_does_not_exist_is_not_shown(unknown: dict[str, Any]) -> None:
    tree = settings_tree("dev")
    tree["spark"] = tree.get("spark", {}) | json.loads(json.dumps(unknown).replace("VALUE", planted("Unknown")))
    message = message_of("dev", tree)
    assert MARK not in message
    assert f"spark.{next(iter(unknown))}" in message
    assert "is not a known key" in message


def test_what_is_hidden_as_a_value_is_not_said_by_the_rule_either() -> None:
    tree = settings_tree("dev")
    tree["teams"]["analytics"]["receivers"] = ["chat"]
    tree["alerts"] = {"receivers": {"chat": {"kind": "pagerduty", "secret": planted("Rule")}}}
    assert MARK not in message_of("dev", tree)


def test_words_that_hold_a_short_hidden_value_stay_whole() -> None:
    hidden = Violation("alerts.heartbeat_secret", "up", "must not end with an update", "a reason", "write another")
    message = str(SettingsError.of_violations("dev", [hidden]))
    assert "heartbeat_secret = [hidden]\n    rule:   must not end with an update" in message


def test_what_is_no_secret_is_still_shown() -> None:
    assert redacted(["network"], {"cidr": "10.0.0.0/8", "size": 3, "zones": ["a"]}) == {
        "cidr": "10.0.0.0/8",
        "size": 3,
        "zones": ["a"],
    }


def run(stack: str, configuration: Mapping[str, str], encrypted: list[str]) -> Recorder:
    recorder = Recorder(stack=stack)

    def build() -> None:
        pulumi.runtime.set_all_config(dict(configuration), encrypted)
        try:
            runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")
        finally:
            # Other programs of this process are given no list of what is encrypted.
            pulumi.runtime.set_all_config({}, [])

    with pytest.raises(SettingsError, match="must not be encrypted") as refused:
        record(build, recorder)
    assert MARK not in str(refused.value)
    return recorder


def test_encrypted_settings_are_refused_before_anything_is_made_because_they_would_be_written_out_open() -> None:
    tree = placed(settings_tree("dev"), ("account_id",), planted("Encrypted"))
    assert run("dev", {"moka:settings": json.dumps(tree)}, ["moka:settings"]).made == []


def test_each_encrypted_value_of_a_file_is_named() -> None:
    configuration = {"moka:settings": {"alerts": {"receivers": {"chat": {"secret": {"secure": "v1:a"}}}}}}
    (violation,) = rules_of_configuration(configuration, "moka:settings", is_encrypted=True)
    assert (violation.field, violation.value) == ("alerts.receivers.chat.secret", "[hidden]")
    assert "docs/secrets.md" in violation.fix


def test_a_secret_in_plain_text_anywhere_in_a_stacks_configuration_is_refused() -> None:
    configuration = {
        "moka:settings": {"name": "dev"},
        "aws:secretKey": planted("Plain"),
        "aws:region": "us-east-1",
        "other:url": CREDENTIALS["a URL with a password"],
        "aws:token": {"secure": "v1:b"},
        "other:tokenArn": "arn:aws:secretsmanager:us-east-1:222222222222:secret:token-a1b2c3",
    }
    violations = list(rules_of_configuration(configuration, "moka:settings"))
    assert [each.field for each in violations] == ["aws:secretKey", "other:url"]
    assert MARK not in str(SettingsError.of_violations("dev", violations))
