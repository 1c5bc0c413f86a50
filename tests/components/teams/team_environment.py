"""Teams under the recording engine."""

import json
from typing import Any

from components.account import Account
from components.shuffle.settings import ShuffleSettings
from components.spark.defaults import environment_lines
from components.spark.settings import SparkSettings
from components.teams.identities import TeamIdentities
from components.teams.settings import TeamSettings
from components.teams.teams import Teams
from tests.components.workloads.pods import recorder
from tests.recorder import ACCOUNT_ID, REGION, Recorder, record

ACCOUNT = Account("dev", ACCOUNT_ID, REGION)
KEY = "arn:aws:kms:us-east-1:222222222222:key/1"
SHARED = ("system", "spark")
SEPARATE = ("system", "spark-driver", "spark-executor")
OWNER = f"arn:aws:iam::{ACCOUNT_ID}:role/sales"


def team(**fields: Any) -> TeamSettings:
    """A team with 8 vCPUs, and the given fields as a stack file holds them."""
    tree = {"owners": [OWNER], "queue": {"maximum": {"vcpus": 8, "memory_gib": 32}}, **fields}
    return TeamSettings.model_validate_json(json.dumps(tree))


def build_teams(
    teams: dict[str, TeamSettings] | None = None,
    settings: SparkSettings | None = None,
    workloads: tuple[str, ...] = SHARED,
) -> Recorder:
    """Namespaces, defaults and rights of teams; of one called sales by default."""
    return record(
        lambda: Teams(
            "teams",
            teams or {"sales": team()},
            defaults=environment_lines(settings or SparkSettings(), ACCOUNT, "events", workloads, ShuffleSettings()),
        ),
        recorder(),
    )


def build_identities(teams: dict[str, TeamSettings]) -> Recorder:
    """The roles of teams' service accounts."""
    return record(
        lambda: TeamIdentities(
            "team-identities",
            teams,
            ACCOUNT,
            cluster_name="moka-dev",
            event_log_bucket="events",
            key_arn=KEY,
        ),
        recorder(),
    )
