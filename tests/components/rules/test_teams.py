"""Teams whose names, roles or data belong to somebody else are refused with the field and what to write."""

from typing import Any

import pytest

from components.settings_error import SettingsError
from tests.stack_files import Tree, settings

OPERATOR = "arn:aws:iam::222222222222:role/moka-platform"
QUEUE = {"maximum": {"vcpus": 8, "memory_gib": 32}}


def with_team(name: str, **fields: Any) -> Any:
    """A change that adds a team."""

    def change(tree: Tree) -> None:
        owners = ["arn:aws:iam::222222222222:role/sales"]
        tree["teams"][name] = {"owners": owners, "queue": QUEUE, **fields}

    return change


LOGS = {"bucket": "moka-dev-spark-events-222222222222-us-east-1"}
WRONG = [
    ("history", {}, "teams.history = history", "must not be one of history, operator"),
    ("ui", {}, "teams.ui = ui", "must not be one of history, operator, ui"),
    (
        "sales",
        {"owners": [OPERATOR]},
        f"teams.sales.owners.0 = {OPERATOR}",
        "must not be a role of cluster.access.admin",
    ),
    ("sales", {"data": {"read": [LOGS]}}, "teams.sales.data.read.0.bucket", "must not be a log bucket"),
    (
        "sales",
        {"service_accounts": {"spark": {"data": {"write": [LOGS]}}}},
        "teams.sales.service_accounts.spark.data.write.0.bucket",
        "must not be a log bucket",
    ),
    ("sales", {"service_accounts": {"ingest": {}}}, "teams.sales.service_accounts", "must have spark"),
    (
        "sales",
        {"data": {"read": [{"bucket": "lake"}], "write": [{"bucket": "lake"}]}},
        "teams.sales.data.read.0",
        "must not repeat a place",
    ),
    ("sales", {"data": {"read": [{"bucket": "lake", "prefix": "clean"}]}}, "teams.sales.data.read.0.prefix", "pattern"),
    ("sales", {"data": {"read": [{"bucket": "lake", "prefix": "*/"}]}}, "teams.sales.data.read.0.prefix", "pattern"),
    ("Sales", {}, "teams", "pattern"),
    ("s" * 21, {}, "teams", "pattern"),
    ("sales", {"service_accounts": {"spark": {}, "in-gest": {}}}, "teams.sales.service_accounts", "pattern"),
]


@pytest.mark.parametrize(("name", "fields", "place", "rule"), WRONG)
def test_a_wrong_team_is_refused_with_its_place_and_the_rule(
    name: str, fields: dict[str, Any], place: str, rule: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings("dev", with_team(name, **fields))
    assert place in str(refused.value)
    assert rule in str(refused.value)


def test_one_entry_is_all_that_a_team_takes() -> None:
    assert set(settings("dev", with_team("sales")).teams) == {"analytics", "sales"}
