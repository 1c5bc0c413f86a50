"""Each role of the program gets its boundary, and a name that says whose it is."""

from types import SimpleNamespace
from typing import Any

import pytest

from components.account import Account
from components.identity.role_bounds import INSTANCE_PROFILE, ROLE, name_prefix, role_bounds
from tests.recorder import ACCOUNT_ID, REGION

ACCOUNT = Account("production", ACCOUNT_ID, REGION)
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
