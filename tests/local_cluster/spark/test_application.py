"""Whose word count runs on this machine, and who asks for it."""

from typing import Any

import pytest

from components.settings import STACKS
from local_cluster.errors import ClusterError
from local_cluster.spark import application
from local_cluster.spark.application import LocalApplication, application_of
from moka_smoke.spark_application import manifest
from tests.stack_files import ENVIRONMENTS, settings_tree

QUEUE = {"maximum": {"vcpus": 16, "memory_gib": 64}}
WRITES = {"queue": QUEUE, "data": {"write": [{"bucket": "lake", "prefix": "ads/"}]}}
OWNED = {"owners": ["arn:aws:iam::222222222222:role/teams/ads-people"], **WRITES}


def with_teams(monkeypatch: pytest.MonkeyPatch, teams: dict[str, Any]) -> LocalApplication:
    """Dev's, when it has these teams."""
    monkeypatch.setattr(application, "stack_settings", lambda *_: settings_tree("dev") | {"teams": teams})
    return application_of(STACKS.parent, "dev")


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_the_first_owner_of_the_team_asks_for_it_in_the_teams_queue(stack: str) -> None:
    found = application_of(STACKS.parent, stack)
    assert (found.person, found.queue) == ("analytics", "root.spark-analytics")
    assert found.word_count.bucket == f"amzn-s3-demo-bucket-{stack}-analytics"


def test_a_team_without_owners_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClusterError, match=r"teams\.ads\.owners names nobody"):
        with_teams(monkeypatch, {"ads": WRITES})


def test_a_stack_without_a_team_that_writes_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClusterError, match=r"teams\.<team>\.data\.write of stacks/Pulumi\.dev\.yaml"):
        with_teams(monkeypatch, {"sales": {"data": {"read": [{"bucket": "lake"}]}}})


def test_the_first_team_that_writes_submits(monkeypatch: pytest.MonkeyPatch) -> None:
    found = with_teams(monkeypatch, {"sales": {}, "ads": OWNED})
    word_count = found.word_count
    assert (word_count.team, word_count.bucket, word_count.prefix) == ("ads", "lake", "ads/")
    assert found.person == "ads-people"


def test_it_fits_on_one_machine_and_needs_no_shuffle_service() -> None:
    spec = manifest(application_of(STACKS.parent, "production").word_count)["spec"]
    assert {spec[role]["coreRequest"] for role in ("driver", "executor")} == {"300m"}
    assert spec["sparkConf"]["spark.shuffle.manager"] == "sort"
