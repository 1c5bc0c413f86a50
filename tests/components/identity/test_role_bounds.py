"""Each role of the program gets its boundary, and a name that says whose it is."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.account import Account
from components.identity.role_bounds import INSTANCE_PROFILE, ROLE, name_prefix, role_bounds
from offline.engine import OfflineEngine
from tests.offline.sample import sample_in
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("production", ACCOUNT_ID, REGION)
ROLES = """
import json
{bounds}
trust = {{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {{"Service": "ec2.amazonaws.com"}}}}
document = json.dumps({{"Version": "2012-10-17", "Statement": [trust]}})
aws.iam.Role("{name}", assume_role_policy=document, opts=on_aws)
"""
BOUNDS = """
from components.account import Account
from components.identity.role_bounds import role_bounds
pulumi.runtime.register_resource_transform(role_bounds(Account("dev", "123456789012", "eu-west-1")))
"""
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/moka-role-boundary"


def bounded(kind: str, **props: Any) -> dict[str, Any] | None:
    arguments = SimpleNamespace(type_=kind, name="network-flow-logs", props=props, opts=None)
    changed = role_bounds(ACCOUNT)(arguments)  # pyright: ignore[reportArgumentType]
    return None if changed is None else dict(changed.props)


def test_a_role_without_a_name_is_called_as_the_environments_own() -> None:
    assert bounded(ROLE, description="d") == {
        "description": "d",
        "namePrefix": "moka-production-network-flow-logs-",
        "permissionsBoundary": BOUNDARY,
    }


def test_a_role_with_a_name_keeps_it() -> None:
    assert bounded(ROLE, name="moka-production-some") == {
        "name": "moka-production-some",
        "permissionsBoundary": BOUNDARY,
    }


def test_an_instance_profile_has_a_name_and_no_boundary() -> None:
    assert bounded(INSTANCE_PROFILE) == {"namePrefix": "moka-production-network-flow-logs-"}


def test_a_role_that_was_made_before_keeps_its_name_when_it_gets_its_boundary(tmp_path: Path) -> None:
    sample = sample_in(tmp_path / "project", ROLES.format(name="deploy", bounds=""))
    engine = OfflineEngine(sample.root, tmp_path / "home", judges=tuple)
    engine.up("dev")
    sample.program(ROLES.format(name="deploy", bounds=BOUNDS))
    (change,) = engine.preview("dev").changed
    assert (change.operation, change.properties) == ("update", ("permissionsBoundary",))
    sample.program(ROLES.format(name="new", bounds=BOUNDS))
    engine.up("dev")
    (name,) = (each["outputs"]["name"] for each in engine.export("dev")["resources"] if each["type"] == ROLE)
    assert name.startswith("moka-dev-new-")


def test_nothing_else_is_changed() -> None:
    assert bounded("aws:iam/rolePolicy:RolePolicy") is None


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("nodes-node", "moka-production-nodes-node-"),
        ("cluster-eksRole-role", "moka-production-cluster-eksRole-role-"),
        ("a-name-that-is-longer-than-that", "moka-production-a-name-that-is-longer-"),
        ("a-name-that-is-long-in-two-words", "moka-production-a-name-that-is-long-i-"),
    ],
)
def test_a_prefix_leaves_room_for_what_makes_it_unique(name: str, prefix: str) -> None:
    assert name_prefix(name, ACCOUNT) == prefix
    assert len(prefix) <= 38
