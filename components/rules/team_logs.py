"""Names of teams, against the roles by which people read logs."""

from collections.abc import Iterable

from components.logs.reader_settings import KINDS
from components.model import Violation


def rules_of_team_logs(teams: Iterable[str]) -> Iterable[Violation]:
    """No team's role takes the name of one that reads the logs of every team.

    Args:
        teams: names of the teams.
    """
    for team in sorted(set(teams) & set(KINDS)):
        yield Violation(
            f"teams.{team}",
            team,
            f"must not be one of {', '.join(KINDS)}",
            f"the role moka-<environment>-{team}-log-reader reads the logs of every team",
            f"call it otherwise, such as {team}-team",
        )
