"""Whom teams name to be told of alerts, against the receivers that there are."""

from collections.abc import Iterable, Mapping, Sequence

from components.model import Violation


def rules_of_team_receivers(receivers: Iterable[str], teams: Mapping[str, Sequence[str]]) -> Iterable[Violation]:
    """Every receiver of a team exists, and is told once.

    Args:
        receivers: names of the receivers of settings.
        teams: name of a team to the receivers of its namespace's alerts.
    """
    known = sorted(receivers)
    for team, named in teams.items():
        for index, receiver in enumerate(named):
            if receiver not in known:
                yield Violation(
                    f"teams.{team}.receivers.{index}",
                    receiver,
                    f"must be one of alerts.receivers: {', '.join(known) or 'there is none'}",
                    "nobody would be told of the team's alerts, and Alertmanager would not start",
                    "add it under alerts.receivers, or take it out here",
                )
            elif receiver in named[:index]:
                yield Violation(
                    f"teams.{team}.receivers.{index}",
                    receiver,
                    "must not repeat a receiver",
                    "it would be told of every alert twice",
                    "list every receiver once",
                )
