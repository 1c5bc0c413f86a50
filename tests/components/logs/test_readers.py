"""The roles that people take to read logs: when there are any, and who is refused in settings."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pulumi
import pytest

from components.account import Account
from components.logs.reader_settings import LogReadersSettings
from components.logs.readers import LogReaders
from components.settings_error import SettingsError
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record
from tests.stack_files import Tree, settings

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
ROLE = "aws:iam/role:Role"
ADA = f"arn:aws:iam::{ACCOUNT_ID}:role/ada"
FOREIGN = "arn:aws:iam::999999999999:role/ada"


def build(teams: Mapping[str, Sequence[str]] = MappingProxyType({}), **readers: Any) -> Recorder:
    return record(
        lambda: LogReaders(
            "log-readers",
            LogReadersSettings(**readers),
            ACCOUNT,
            teams=teams,
            bucket_names={
                purpose: pulumi.Output.from_input(purpose) for purpose in ("spark-logs", "spark-events", "system-logs")
            },
            key_arn=pulumi.Output.from_input("arn:aws:kms:us-east-1:222222222222:key/1"),
            results_key_arn=pulumi.Output.from_input("arn:aws:kms:us-east-1:222222222222:key/2"),
        )
    )


def test_a_role_that_nobody_may_take_is_not_made() -> None:
    assert build().of(ROLE) == []
    assert {each.inputs["name"] for each in build(spark=(ADA,)).of(ROLE)} == {"moka-dev-spark-log-reader"}
    assert {each.inputs["name"] for each in build(platform=(ADA,), spark=(ADA,)).of(ROLE)} == {
        "moka-dev-platform-log-reader",
        "moka-dev-spark-log-reader",
    }


def test_a_role_is_taken_by_those_listed_for_an_afternoon() -> None:
    role = build(platform=(ADA,)).only(ROLE).inputs
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"AWS": [ADA]}
    assert trust["Action"] == ["sts:AssumeRole"]
    assert role["maxSessionDuration"] == 4 * 3600


@pytest.mark.parametrize(
    ("area", "content", "path"),
    [
        ("logs", {"readers": {"platform": [FOREIGN]}}, "logs.readers.platform.0"),
        ("logs", {"readers": {"spark": [FOREIGN]}}, "logs.readers.spark.0"),
        (
            "teams",
            {"ads": {"owners": [FOREIGN], "queue": {"maximum": {"vcpus": 1, "memory_gib": 4}}}},
            "teams.ads.owners.0",
        ),
    ],
)
def test_another_accounts_role_neither_reads_nor_writes_logs(area: str, content: Tree, path: str) -> None:
    def change(tree: Tree) -> None:
        tree[area] = {**tree.get(area, {}), **content}

    with pytest.raises(SettingsError, match=f"(?s){path}.*must be a role of account 222222222222"):
        settings("dev", change)
