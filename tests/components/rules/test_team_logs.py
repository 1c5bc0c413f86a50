"""No team is called after a role that reads the logs of every team."""

import pytest

from components.logs.reader_settings import LogReadersSettings
from components.rules.team_logs import rules_of_team_logs


@pytest.mark.parametrize("team", LogReadersSettings.model_fields)
def test_a_team_that_is_called_as_a_kind_of_reader_is_refused(team: str) -> None:
    (broken,) = rules_of_team_logs(["ads", team])
    assert (broken.field, broken.value) == (f"teams.{team}", team)
    assert f"moka-<environment>-{team}-log-reader" in broken.reason


def test_other_names_are_no_business_of_the_logs() -> None:
    assert list(rules_of_team_logs(["ads", "sparks", "spark-team", "platforms"])) == []
    assert list(rules_of_team_logs([])) == []
