"""Whose word count it is: a team of a stack's file, the place it writes to, its image and its queue.

Reads no more of the file than it needs, and no state of Pulumi.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from components.account import Account
from components.scheduler.queue_file import queue_path
from components.scheduler.settings import QueueSettings
from components.spark.image import default_image
from moka_logs.place import PlaceError, account_of
from moka_smoke.word_count import EXECUTORS, NAME, WordCount

Settings = Mapping[str, Any]


def word_count_of(
    stack: str,
    settings: Settings,
    team: str | None = None,
    *,
    image: str | None = None,
    name: str = NAME,
    below: str = "",
    executors: int = EXECUTORS,
) -> WordCount:
    """The word count as a team of a stack submits it.

    Args:
        stack: name of the stack.
        settings: what its file says.
        team: whose; the first that may write somewhere unless given.
        image: Spark's; the stack's unless given.
        name: of the application.
        below: what keys begin with, after the team's prefix; empty, or ending in a slash.
        executors: how many it has.

    Raises:
        PlaceError: when there is no such team, or it may not write anywhere.
    """
    account = account_of(stack, settings)
    teams = settings.get("teams") or {}
    if team is not None and team not in teams:
        raise PlaceError(f"stack {stack} has no team {team!r}; its teams are {', '.join(teams) or 'none'}")
    for each in teams if team is None else (team,):
        for place in (teams[each].get("data") or {}).get("write") or ():
            own_image = image or image_of(account, settings)
            prefix = f"{place.get('prefix', '')}{below}"
            return WordCount(account, own_image, each, place["bucket"], prefix, name, executors)
    whose = "No team" if team is None else f"Team {team}"
    raise PlaceError(
        f"{whose} of stack {stack} may write {'anywhere' if team is None else 'nowhere'}, so the word count has no "
        f"place for what it counted: give {'one' if team is None else 'it'} a bucket under "
        f"teams.{team or '<team>'}.data.write of stacks/Pulumi.{stack}.yaml."
    )


def image_of(account: Account, settings: Settings) -> str:
    """The image that applications of a stack have which name none.

    Args:
        account: the stack's account.
        settings: what the stack's file says.
    """
    has_celeborn = bool((settings.get("shuffle") or {}).get("celeborn"))
    return default_image((settings.get("spark") or {}).get("image"), account, has_celeborn=has_celeborn)


def queue_of_team(team: str, settings: Settings) -> str:
    """The full name of a team's queue.

    Raises:
        PlaceError: when the stack's file says it wrongly.
    """
    try:
        return queue_path(team, QueueSettings.model_validate(settings["teams"][team].get("queue")))
    except ValidationError as error:
        raise PlaceError(f"teams.{team}.queue is wrong; pulumi preview says how: {error}") from error
